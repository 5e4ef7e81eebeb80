import type { Cluster, Node } from '../resolve/cluster.ts';
import { oncePerCluster } from '../resolve/once-per-cluster.ts';
import { builtInPlace } from '../resolve/resolve-places.ts';
import type { Asked, Service } from './needs.ts';

/** Words that are shown before the rest is counted. */
const MOST_WORDS = 6;

/** Some of a cluster's machines in few words: as in the model a role or a network stands for its nodes. */
export function wordsFor(cluster: Cluster, names: readonly string[]): string[] {
  const left = new Set(names);
  const words: string[] = [];
  for (const { word, nodes } of wordsIn(cluster)) {
    if (nodes.length < 2 || nodes.some(({ name }) => !left.has(name))) continue;
    words.push(word);
    for (const { name } of nodes) left.delete(name);
  }
  return [...words, ...left];
}

/** What stands for several nodes, the widest first. */
const wordsIn = oncePerCluster((cluster): { word: string; nodes: readonly Node[] }[] => {
  const { nodes, roles, networks } = cluster;
  const kubernetes = builtInPlace(nodes, 'kubernetes');
  const inNetworks = roles.flatMap((role) =>
    networks.map((network) => ({
      word: `${role.name} on ${network.name}`,
      nodes: role.nodes.filter((node) => node.network === network),
    })),
  );
  return [
    { word: 'nodes', nodes },
    { word: 'kubernetes', nodes: kubernetes.kind === 'role' ? kubernetes.role.nodes : [] },
    ...roles.map((role) => ({ word: role.name, nodes: role.nodes })),
    ...networks.map((network) => ({
      word: network.name,
      nodes: nodes.filter((node) => node.network === network),
    })),
    ...inNetworks,
  ];
});

/** What is asked of targets that are alike, as people write it on the command line. */
export function wordsForAsked(cluster: Cluster, asked: readonly Asked[]): string[] {
  const names = asked.map(({ target }) => target.name);
  return asked
    .slice(0, 1)
    .flatMap((first) => wordsFor(cluster, names).map((word) => word + serviceText(first)));
}

export function serviceText({ protocol, port }: Service): string {
  if (port === undefined) return ' (ping)';
  return protocol === 'udp' ? `:${port}/udp` : `:${port}`;
}

/** Words in a line. */
export function lineOf(words: readonly string[]): string {
  const hidden = words.length - MOST_WORDS;
  return hidden < 2 ? words.join(', ') : `${words.slice(0, MOST_WORDS).join(', ')} and ${hidden} more`;
}

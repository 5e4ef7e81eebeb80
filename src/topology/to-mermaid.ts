import {
  type Host,
  type NetworkBox,
  type NodeGroup,
  OUTSIDE,
  type Segment,
  type Topology,
} from './topology.ts';
import { type Way, wayEnd } from './way.ts';

/** A flowchart in Mermaid's language, which code hosting sites draw in Markdown. */
export function toMermaid(topology: Topology): string {
  const ids = new Ids();
  const lines = [
    'flowchart TB',
    `  ${ids.of(OUTSIDE)}([${quote(OUTSIDE)}])`,
    ...topology.hosts.flatMap((host) => hostLines(host, ids)),
    // A router that several hypervisors reach is there once.
    ...new Set(
      topology.hosts.flatMap((host) => host.segments.flatMap((segment) => outsideLines(host, segment, ids))),
    ),
    ...(topology.way === undefined ? crossingLines(topology, ids) : wayLines(topology, topology.way, ids)),
  ];
  return `${lines.join('\n')}\n`;
}

/** Names of our own for what is drawn: Mermaid takes some words for its own, such as `end`. */
class Ids {
  readonly #ids = new Map<string, string>();

  of(name: string): string {
    const id = this.#ids.get(name) ?? `n${this.#ids.size}`;
    this.#ids.set(name, id);
    return id;
  }
}

function hostLines(host: Host, ids: Ids): string[] {
  return [
    `  subgraph ${ids.of(`host ${host.name}`)}[${quote([host.name, ...host.facts].join(' '))}]`,
    ...host.segments.flatMap((segment) => segmentLines(host, segment, ids)),
    '  end',
  ];
}

function bridgeKey({ name }: Host, { bridge }: Segment): string {
  return `bridge ${name} ${bridge}`;
}

function segmentLines(host: Host, segment: Segment, ids: Ids): string[] {
  const bridge = ids.of(bridgeKey(host, segment));
  const facts = [segment.bridge, segment.kind, ...(segment.ip === undefined ? [] : [segment.ip])];
  return [
    `    ${bridge}[[${quote(facts.join(' '))}]]`,
    ...segment.networks.flatMap((network) => networkLines(network, ids)),
    ...segment.networks.map((network) => `    ${bridge} --- ${ids.of(network.id)}`),
  ];
}

function networkLines({ id, name, cidr, groups }: NetworkBox, ids: Ids): string[] {
  return [
    `    subgraph ${ids.of(id)}[${quote(`${name} ${cidr}`)}]`,
    '      direction TB',
    ...groups.flatMap((group) => groupLines(group, id, ids)),
    '    end',
  ];
}

function groupLines({ roles, nodes, vips }: NodeGroup, network: string, ids: Ids): string[] {
  const vipId = (vip: string) => ids.of(`vip ${vip} ${network}`);
  return [
    ...nodes.map((node) => `      ${ids.of(`node ${node.id}`)}[${lines([node.name, node.ip, roles])}]`),
    ...vips.map(({ name, ip, frontends }) => {
      const ports = frontends.map(({ port, backends }) => `:${port} to ${backends}`);
      return `      ${vipId(name)}{{${lines([`VIP ${name}`, ip, ...ports])}}}`;
    }),
    ...vips.flatMap(({ name, members }) =>
      nodes
        .filter((node) => members.includes(node.name))
        .map((node) => `      ${vipId(name)} -.- ${ids.of(`node ${node.id}`)}`),
    ),
  ];
}

/** The way from a bridge by its uplink, and by the routers of its networks, to the outside. */
function outsideLines(host: Host, segment: Segment, ids: Ids): string[] {
  const bridge = ids.of(bridgeKey(host, segment));
  const wire = segment.uplink === undefined ? '---' : `---|${quote(segment.uplink)}|`;
  const routers = segment.networks.filter(({ router }) => router.isOutside);
  if (routers.length === 0) {
    return segment.uplink === undefined ? [] : [`  ${ids.of(OUTSIDE)} ${wire} ${bridge}`];
  }
  return routers.flatMap(({ name, router }) => {
    const id = ids.of(`router ${name}`);
    return [
      `  ${id}[${lines([`router ${router.ip}`, router.returnRoute ? 'knows the way back' : 'no way back'])}]`,
      `  ${ids.of(OUTSIDE)} --- ${id}`,
      `  ${id} ${wire} ${bridge}`,
    ];
  });
}

/** The way of a connection: an arrow for each step, beside a box that says what becomes of it. */
function wayLines(topology: Topology, { title, stop, steps }: Way, ids: Ids): string[] {
  const idOf = (machine: string, network: string) => {
    const end = wayEnd(topology, machine, network);
    if (end.kind === 'card') return ids.of(`node ${end.id}`);
    return ids.of(end.kind === 'bridge' ? bridgeKey(end.host, end.segment) : OUTSIDE);
  };
  const said = [`way ${title}`, ...(stop === undefined ? [] : [stop.text])];
  return [
    `  ${ids.of('way')}[/${lines(said)}/]`,
    ...steps.map(
      ({ from, to, network, text }, index) =>
        `  ${idOf(from, network)} ==>|${quote(`${index + 1} ${text}`)}| ${idOf(to, network)}`,
    ),
  ];
}

/** What crosses is a box of its own between its ends: labels on many arrows would hide one another. */
function crossingLines({ crossings }: Topology, ids: Ids): string[] {
  return crossings.flatMap(({ from, to, isMutual, flows }, index) => {
    const box = ids.of(`crossing ${index}`);
    const text = `  ${box}[/${lines(flows.map(({ ports, text: what }) => `${ports} ${what}`))}/]`;
    if (isMutual) return [text, ...from.map((end) => `  ${ids.of(end)} <==> ${box}`)];
    return [
      text,
      ...from.map((source) => `  ${ids.of(source)} ==> ${box}`),
      ...to.map((target) => `  ${box} ==> ${ids.of(target)}`),
    ];
  });
}

function lines(texts: readonly string[]): string {
  return `"${texts.map(escaped).join('<br/>')}"`;
}

function quote(text: string): string {
  return `"${escaped(text)}"`;
}

/**
 * What could be Mermaid's, HTML's or Markdown's is written as the number of its character.
 * @see https://mermaid.js.org/syntax/flowchart.html#entity-codes-to-escape-characters
 */
function escaped(text: string): string {
  // Two dollar signs would begin a formula, however they are written.
  const plain = text.replaceAll(/\$(?=\$)/g, '$$\u200b');
  return plain.replace(/[^\p{L}\p{M}\p{N} .,:/_-]|^[-_\d](?=[.)\s])|\.(?=\s)|_(?=_)|^\s+/gu, (characters) =>
    [...characters].map((character) => `#${character.codePointAt(0)};`).join(''),
  );
}

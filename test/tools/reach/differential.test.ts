import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { Ipv4 } from '../../../src/net/ipv4.ts';
import { renderCluster } from '../../../src/pipeline.ts';
import { reach } from '../../../src/reach/reach.ts';
import type { Cluster } from '../../../src/resolve/cluster.ts';
import type { Model } from '../../../src/validate/model.ts';
import { compileText } from '../../support/compile.ts';
import { realisticModel } from '../../support/realistic/realistic-model.ts';
import { requireTools } from '../../support/require-tools.ts';
import { type Connection, connectionsOf } from './connections.ts';
import { readTree } from './generated-lab.ts';
import { makeTries, type Try } from './lab.ts';
import { strangersOf } from './strangers.ts';

const MODELS = Number(process.env['REACH_MODELS'] ?? 12);
const SEED = Number(process.env['REACH_SEED'] ?? 5);

/** With Linux bridges alone, and as few machines as can be built in seconds. */
const buildable = realisticModel
  .filter(({ nodes, hypervisors }) => Object.keys(nodes).length <= 10 && Object.keys(hypervisors).length <= 2)
  .map(withoutOpenVSwitch);

function withoutOpenVSwitch(model: Model): Model {
  const without = <T extends object>(all: Readonly<Record<string, T>>, key: string) =>
    Object.fromEntries(Object.entries(all).map(([name, each]) => [name, { ...each, [key]: undefined }]));
  const hypervisors = Object.entries(model.hypervisors).map(([name, each]) => [
    name,
    { ...each, bridges: without(each.bridges, 'kind') },
  ]);
  return JSON.parse(
    JSON.stringify({
      ...model,
      hypervisors: Object.fromEntries(hypervisors),
      networks: without(model.networks, 'vlan'),
    }),
  ) as Model;
}

/** Writes the tree of a cluster, builds its machines from nothing but that, and has them try. */
async function tryIn(model: Model, cluster: Cluster, connections: readonly Connection[]) {
  const tree = mkdtempSync(join(tmpdir(), 'gen-infra-reach-'));
  for (const { path, content } of await renderCluster(cluster, 'cluster.yaml')) {
    mkdirSync(dirname(join(tree, path)), { recursive: true });
    writeFileSync(join(tree, path), content);
  }
  const lab = readTree(tree, model.segments ?? {});
  const machines = [...new Set(connections.map(({ by }) => by))];
  const triesOf = (name: string): Try[] =>
    connections.filter(({ by }) => by === name).map(({ attempt }) => attempt);
  const tries = Object.fromEntries(machines.map((name) => [name, triesOf(name)]));
  const found = await makeTries(lab, strangersOf(model, lab), tries);
  rmSync(tree, { recursive: true });
  return machines.flatMap((name) => triesOf(name).map((_, index) => found[name]?.[index] ?? 'nothing'));
}

/** The source address that the other side sees, `pong`, or `no`, with why. */
function predict(cluster: Cluster, { from, attempt }: Connection): { result: string; why: string } {
  const { question, answer } = reach(cluster, { from, ...attempt, to: Ipv4.of(attempt.to) });
  const stop = question.stop ?? answer?.stop;
  if (stop !== undefined) return { result: 'no', why: stop.message };
  const seen = question.hops.at(-1)?.saddr.toString() ?? '';
  return { result: attempt.protocol === 'icmp' ? 'pong' : seen, why: 'delivered' };
}

/** A reason without the names and addresses of its model. */
function kindOf(why: string): string {
  return why
    .replace(/^\S+(?= has no route| gets a packet)|\d+(\.\d+){3}|"[^"]*"|\bkvm\d/g, '...')
    .replaceAll(/\d+(\.\d+){3}|"[^"]*"|\bkvm\d/g, '...');
}

describe('what reach predicts of random models', () => {
  it(`is what the kernel does, in ${MODELS} of them`, { timeout: 1_200_000 }, async (context) => {
    requireTools(context, ['nft', 'unshare', 'ip', 'ping'], { root: true });
    const reasons = new Map<string, number>();
    let count = 0;
    for (const [index, model] of fc.sample(buildable, { numRuns: MODELS, seed: SEED }).entries()) {
      const cluster = compileText(stringify(model));
      const connections = connectionsOf(cluster);
      const found = await tryIn(model, cluster, connections);
      const wrong = connections.flatMap((connection, at) => {
        const { result, why } = predict(cluster, connection);
        reasons.set(kindOf(why), (reasons.get(kindOf(why)) ?? 0) + 1);
        const tried = found[at] ?? '';
        const isSame = result === (/^(pong|\d+(\.\d+){3})$/.test(tried) ? tried : 'no');
        const { by, attempt } = connection;
        const what = `${by} ${attempt.protocol} ${attempt.to} ${attempt.port ?? ''}`;
        return isSame ? [] : [`${what}: predicted ${result} (${why}), found ${tried}`];
      });
      count += connections.length;
      expect(wrong, `seed ${SEED}, model ${index}:\n${stringify(model)}`).toEqual([]);
    }
    const table = [...reasons].sort(([, a], [, b]) => b - a).map(([why, times]) => `${times}  ${why}`);
    console.log(`seed ${SEED}: ${MODELS} models, ${count} connections\n${table.join('\n')}`);
    expect(reasons.get('delivered')).toBeLessThan(count * 0.8);
  });
});

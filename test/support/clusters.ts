import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { genInfra } from './cli.ts';
import { inProject } from './paths.ts';

/** The clusters whose trees are committed. */
export const clusters = [
  { name: 'reference', model: inProject('cluster.yaml'), tree: inProject('generated') },
  {
    name: 'smallest',
    model: inProject('examples/smallest/cluster.yaml'),
    tree: inProject('examples/smallest/generated'),
  },
  {
    name: 'ha-pair',
    model: inProject('examples/ha-pair/cluster.yaml'),
    tree: inProject('examples/ha-pair/generated'),
  },
  {
    name: 'two-hypervisors',
    model: inProject('examples/two-hypervisors/cluster.yaml'),
    tree: inProject('examples/two-hypervisors/generated'),
  },
] as const;

/** Builds a model into a fresh folder below the system's temporary one. */
export function buildTree(model: string): string {
  const tree = mkdtempSync(join(tmpdir(), 'gen-infra-tree-'));
  const { exitCode, stderr } = genInfra(['build', '-m', model, '-o', tree]);
  if (exitCode !== 0) throw new Error(`building ${model} failed:\n${stderr}`);
  return tree;
}

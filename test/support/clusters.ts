import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
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
  {
    name: 'open-networks',
    model: inProject('examples/open-networks/cluster.yaml'),
    tree: inProject('examples/open-networks/generated'),
  },
] as const;

/** Builds a model into a fresh folder below the system's temporary one. */
export function buildTree(model: string): string {
  const tree = mkdtempSync(join(tmpdir(), 'gen-infra-tree-'));
  const { exitCode, stderr } = genInfra(['build', '-m', model, '-o', tree]);
  if (exitCode !== 0) throw new Error(`building ${model} failed:\n${stderr}`);
  return tree;
}

/** Builds a model after its text was changed. */
export function buildChangedTree(model: string, change: (text: string) => string): string {
  const changed = join(mkdtempSync(join(tmpdir(), 'gen-infra-model-')), 'cluster.yaml');
  writeFileSync(changed, change(readFileSync(model, 'utf8')));
  return buildTree(changed);
}

/** The text of a model whose hypervisors have Terraform's provider 0.8.3. */
export function withProvider083(text: string): string {
  return withProvider(text, '0.8.3').toString({ lineWidth: 0 });
}

/** The text of a model whose hypervisors have Terraform's provider 0.9.7, which takes no UUID of a network. */
export function withProvider097(text: string): string {
  const model = withProvider(text, '0.9.7');
  for (const name of Object.keys(model.toJS().networks)) model.deleteIn(['networks', name, 'uuid']);
  return model.toString({ lineWidth: 0 });
}

function withProvider(text: string, version: string) {
  const model = parseDocument(text);
  for (const name of Object.keys(model.toJS().hypervisors)) {
    model.setIn(['hypervisors', name, 'terraform', 'provider'], version);
  }
  return model;
}

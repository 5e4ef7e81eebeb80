import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { stringify } from 'yaml';
import { compileSource } from '../../../src/pipeline.ts';
import { addressOperators } from '../../support/mutants/address-operators.ts';
import { hostOperators } from '../../support/mutants/host-operators.ts';
import { makeMutants } from '../../support/mutants/make-mutants.ts';
import { sourceModels } from '../../support/mutants/models.ts';
import { networkOperators } from '../../support/mutants/network-operators.ts';
import { nodeOperators } from '../../support/mutants/node-operators.ts';
import { Source } from '../../support/mutants/source.ts';
import { vipOperators } from '../../support/mutants/vip-operators.ts';
import { inProject } from '../../support/paths.ts';
import { realisticModel } from '../../support/realistic/realistic-model.ts';

/** A model that is tried. */
export interface Subject {
  readonly name: string;
  readonly text: string;
  readonly isRandom: boolean;
  /** What mistake is in it, if one was made on purpose: then it need not be one that can be built. */
  readonly mistake?: string;
}

/** Models that show what random ones rarely do, and those of which `reach` once was wrong. */
export const CASES = inProject('test/tools/reach/cases');

/** The kept cases, and the committed models with more than a LAN and a network behind its only hypervisor. */
export function fixedSubjects(): Subject[] {
  const kept = readdirSync(CASES).map((name) => ({ name, text: readFileSync(join(CASES, name), 'utf8') }));
  const committed = sourceModels()
    .filter(({ cluster }) => cluster.networks.length > 2 || cluster.hypervisors.length > 1)
    .map(({ name, text }) => ({ name, text }));
  return [...kept, ...committed].map((each) => ({ ...each, isRandom: false }));
}

/** The mistakes that change who has which address and who sends what where. */
const operators = [
  ...addressOperators,
  ...hostOperators,
  ...networkOperators,
  ...nodeOperators,
  ...vipOperators,
];

/** Random models with few machines; every other one has a mistake, any of those that people make. */
export function randomSubjects(seed: number, numRuns: number): Subject[] {
  const few = realisticModel.filter(({ nodes }) => Object.keys(nodes).length <= 10);
  return fc.sample(fc.tuple(few, fc.nat()), { numRuns, seed }).map(([model, choice], index) => {
    const right = { name: `seed ${seed}, model ${index}`, text: stringify(model), isRandom: true };
    return index % 2 === 0 ? right : (broken(right, choice) ?? right);
  });
}

/** The first mistake, from a random one on, with which there still is a cluster. */
function broken({ name, text }: Subject, choice: number): Subject | undefined {
  const cluster = clusterOf(text);
  if (cluster === undefined) return undefined;
  const source = new Source({ name, number: choice, text, cluster });
  const first = choice % operators.length;
  for (const operator of [...operators.slice(first), ...operators.slice(0, first)]) {
    const mutant = makeMutants(operator, source).find((one) => clusterOf(one.text) !== undefined);
    if (mutant !== undefined) return { name, text: mutant.text, isRandom: true, mistake: operator.name };
  }
  return undefined;
}

const clusterOf = (text: string) => compileSource('cluster.yaml', Buffer.from(text)).cluster;

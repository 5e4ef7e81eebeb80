import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import { renderCluster } from '../../../src/pipeline.ts';
import type { Cluster } from '../../../src/resolve/cluster.ts';
import type { Model } from '../../../src/validate/model.ts';
import { compileText } from '../../support/compile.ts';
import { askersOf, type Connection, connectionsOf } from './connections.ts';
import { readTree } from './generated-lab.ts';
import { makeTries, type Try, Unbuildable } from './lab.ts';
import { type Prediction, predict } from './prediction.ts';
import { outsideOf, type SaidRouter, unknownsOf } from './strangers.ts';

/** A connection, what is predicted of it, and what came of it. */
export interface Outcome extends Connection, Prediction {
  readonly found: string;
}

/** All of a model, or these connections. */
interface Options {
  readonly only?: readonly Connection[];
  readonly patience?: readonly number[];
}

/** Seconds of silence: the second is for a machine that is busy. */
const PATIENCE = [0.3, 1.2];

/** Builds the machines of a model, has everybody try, and says beside it what `reach` says. */
export async function compare(text: string, { only, patience = PATIENCE }: Options = {}): Promise<Outcome[]> {
  const cluster = compileText(text);
  const tree = await writeTree(cluster);
  try {
    const lab = readTree(tree);
    const unknowns = unknownsOf(lab);
    const askers = askersOf(cluster, unknowns);
    const predicted = (only ?? connectionsOf(cluster, unknowns)).flatMap((connection) => {
      const from = askers.get(connection.by);
      return from === undefined ? [] : [{ ...connection, ...predict(cluster, from, connection.attempt) }];
    });
    const tries = groupTries(predicted);
    const results = await makeTries({
      lab,
      strangers: [outsideOf(lab, routersIn(text)), ...unknowns],
      tries,
      patience,
    });
    const next = new Map([...results].map(([name, found]) => [name, found.values()]));
    return predicted.map((each) => ({ ...each, found: next.get(each.by)?.next().value ?? 'nothing' }));
  } finally {
    rmSync(tree, { recursive: true });
  }
}

/** Whether it came otherwise than predicted: any silence or error is a no. */
export function isWrong({ result, found, isUnclear }: Outcome): boolean {
  const came = /^(pong|\S+ \d+(\.\d+){3})$/.test(found) ? found : 'no';
  return !isUnclear && result !== came;
}

async function writeTree(cluster: Cluster): Promise<string> {
  const artifacts = await renderCluster(cluster, 'cluster.yaml').catch((error: unknown) => {
    throw new Unbuildable(`not rendered: ${error}`);
  });
  const tree = mkdtempSync(join(tmpdir(), 'gen-infra-reach-'));
  for (const { path, content } of artifacts) {
    mkdirSync(dirname(join(tree, path)), { recursive: true });
    writeFileSync(join(tree, path), content);
  }
  return tree;
}

function groupTries(connections: readonly Connection[]): Map<string, Try[]> {
  const tries = new Map<string, Try[]>();
  for (const { by, attempt } of connections) tries.set(by, [...(tries.get(by) ?? []), attempt]);
  return tries;
}

/** What the model says of routers outside. */
function routersIn(text: string): Map<string, SaidRouter> {
  const { networks } = parse(text) as Model;
  return new Map(
    Object.entries(networks).map(([name, { router }]) => [name, typeof router === 'object' ? router : {}]),
  );
}

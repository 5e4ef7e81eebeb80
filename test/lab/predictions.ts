import { type Failure, failureOf, questionAfter } from '../../src/reach/failure.ts';
import { reach, stopOf } from '../../src/reach/reach.ts';
import type { Cluster } from '../../src/resolve/cluster.ts';
import { compileText } from '../support/compile.ts';
import type { Lab } from './lab.ts';

interface Attempt {
  readonly from: string;
  readonly to: string;
  readonly address: string;
  readonly port: number;
}

/** Each node to each other by SSH, which all answer and few flows open, and to each frontend of each virtual IP. */
function attemptsOf({ nodes, vips }: Cluster): Attempt[] {
  const frontends = vips.flatMap((vip) =>
    vip.frontends.map(({ port }) => ({ name: vip.name, ip: vip.ip, port })),
  );
  const targets = [...nodes.map(({ name, ip }) => ({ name, ip, port: 22 })), ...frontends];
  return nodes.flatMap(({ name: from }) =>
    targets
      .filter(({ name }) => name !== from)
      .map(({ name, ip, port }) => ({ from, to: `${name}:${port}`, address: ip.toString(), port })),
  );
}

/** What stops a connection, or a ping, without what has failed; undefined is that it works. */
export function predict(
  lab: Lab,
  from: string,
  to: string,
  failed: readonly string[] = [],
): string | undefined {
  return predictIn(failureIn(lab, failed), from, to);
}

function failureIn(lab: Lab, failed: readonly string[]): Failure {
  const failure = failureOf(compileText(lab.model), failed);
  if ('problem' in failure) throw new Error(failure.problem);
  return failure;
}

function predictIn(failure: Failure, from: string, to: string): string | undefined {
  const { cluster, machines } = failure.world;
  const question = questionAfter(failure, from, to);
  if ('problem' in question) throw new Error(question.problem);
  return stopOf(reach(cluster, question, machines))?.message;
}

/** The connections of which the machines do something else than `reach` says, and how many were tried and how many blocked. */
export async function compareWithReach(lab: Lab, failed: readonly string[] = []) {
  const failure = failureIn(lab, failed);
  const attempts = attemptsOf(failure.world.cluster).filter(({ from }) => !failure.down.has(from));
  const machines = [...new Set(attempts.map(({ from }) => from))];
  const found = await Promise.all(
    machines.map((name) =>
      tryFrom(
        lab,
        attempts.filter(({ from }) => from === name),
      ),
    ),
  );
  const opened = new Set(found.flat());
  const wrong = attempts.flatMap((attempt) => {
    const { from, to } = attempt;
    const stop = predictIn(failure, from, to);
    const isOpen = opened.has(attempt);
    if (isOpen === (stop === undefined)) return [];
    return [`${from} to ${to}: ${isOpen ? 'works' : 'fails'}, predicted: ${stop ?? 'delivered'}`];
  });
  return { tried: attempts.length, blocked: attempts.length - opened.size, wrong };
}

/** Those of a machine's attempts that succeed, all made at the same time. */
async function tryFrom(lab: Lab, attempts: readonly Attempt[]): Promise<Attempt[]> {
  const lines = attempts.map(
    ({ address, port }, index) =>
      `(timeout 8 bash -c 'exec 3<>/dev/tcp/${address}/${port}' 2>/dev/null && echo ${index}) &`,
  );
  const output = await lab.machine(attempts[0]?.from ?? '').shell(`${lines.join('\n')}\nwait`);
  return output
    .trim()
    .split('\n')
    .flatMap((index) => attempts[Number(index || -1)] ?? []);
}

import { questionOf } from '../../src/reach/ends.ts';
import { reach } from '../../src/reach/reach.ts';
import { compileText } from '../support/compile.ts';
import type { Lab } from './lab.ts';

interface Attempt {
  readonly from: string;
  readonly to: string;
  readonly address: string;
  readonly port: number;
}

/** Each node to each other by SSH, which all answer and few flows open, and to each frontend of each virtual IP. */
function attemptsOf(lab: Lab): Attempt[] {
  const { nodes, vips } = compileText(lab.model);
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

/** The connections of which the machines do something else than `reach` says, and how many were tried and how many blocked. */
export async function compareWithReach(lab: Lab) {
  const cluster = compileText(lab.model);
  const attempts = attemptsOf(lab);
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
    const question = questionOf(cluster, attempt.from, attempt.to);
    if ('problem' in question) throw new Error(question.problem);
    const { question: there, answer } = reach(cluster, question);
    const stop = there.stop ?? answer?.stop;
    const isOpen = opened.has(attempt);
    if (isOpen === (stop === undefined)) return [];
    return [
      `${attempt.from} to ${attempt.to}: ${isOpen ? 'works' : 'fails'}, predicted: ${stop?.message ?? 'delivered'}`,
    ];
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

import { locateDiagnostics } from '../../diagnostics/located.ts';
import { compileModel } from '../../pipeline.ts';
import { describeReach } from '../../reach/describe-reach.ts';
import { questionOf } from '../../reach/ends.ts';
import { findingsOf } from '../../reach/findings.ts';
import { reach as follow } from '../../reach/reach.ts';
import type { Console } from '../console.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { report } from '../report.ts';

export interface ReachOptions {
  readonly model: string;
  readonly from: string;
  readonly to: string;
}

/** Prints the way of a connection there and back; the lines of the model that stop it, or may. */
export async function reach({ model, from, to }: ReachOptions, console: Console): Promise<ExitCode> {
  const compilation = compileModel(model);
  const { cluster, locate } = compilation;
  // What rules say of the model is no reason not to look: it may be why somebody asks.
  if (cluster === undefined || locate === undefined)
    return report(locateDiagnostics(compilation.diagnostics, compilation), console);
  const question = questionOf(cluster, from, to);
  if ('problem' in question) {
    console.error(`gen-infra: ${question.problem}\n`);
    return EXIT.usage;
  }
  const answer = follow(cluster, question);
  const diagnostics = locateDiagnostics(findingsOf(answer).map(locate), compilation);
  if (console.format === 'pretty') console.result(describeReach(question, answer));
  return report(diagnostics, console);
}

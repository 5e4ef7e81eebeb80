import { type Finding, formatPath, type Path } from '../../diagnostics/diagnostic.ts';
import { locateDiagnostics } from '../../diagnostics/located.ts';
import { compileModel } from '../../pipeline.ts';
import { describeReach } from '../../reach/describe-reach.ts';
import { describeTable } from '../../reach/describe-table.ts';
import { type Found, questionOf } from '../../reach/ends.ts';
import { findingsOf, missingFindings } from '../../reach/findings.ts';
import { matrixOf, neededCells } from '../../reach/matrix.ts';
import { reach as follow } from '../../reach/reach.ts';
import { type PlaceOf, reachTable } from '../../reach/table.ts';
import { connectionJson, hopsJson, matrixJson } from '../../reach/to-json.ts';
import { worldOf } from '../../reach/world.ts';
import type { Cluster } from '../../resolve/cluster.ts';
import type { Console } from '../console.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { type Result, report } from '../report.ts';

export interface ReachOptions {
  readonly model: string;
  readonly from?: string;
  readonly to?: string;
  readonly all: boolean;
}

/** What there is to tell, and what is wrong at lines of the model. */
interface Told {
  readonly findings: readonly Finding[];
  readonly result: Result;
}

/** Prints the way of a connection there and back, or all connections as a table; the lines of the model that stop them, or may. */
export async function reach(options: ReachOptions, console: Console): Promise<ExitCode> {
  const refuse = (problem: string): ExitCode => {
    console.error(`gen-infra: ${problem}\n`);
    return EXIT.usage;
  };
  const { model, from, to, all } = options;
  if (all ? from !== undefined : to === undefined) return refuse('say FROM and TO, or --all');
  const compilation = compileModel(model);
  const { cluster, locate } = compilation;
  // What rules say of the model is no reason not to look: it may be why somebody asks.
  if (cluster === undefined || locate === undefined)
    return report(locateDiagnostics(compilation.diagnostics, compilation), console);
  const placesOf = (findings: readonly Finding[]) => locateDiagnostics(findings.map(locate), compilation);
  const placeOf = (at: Path) => {
    const [place] = placesOf([{ rule: '', message: '', at }]);
    return `${formatPath(at)}, line ${place?.start.line}`;
  };
  const told = all ? askAll(cluster, placeOf) : ask(cluster, from ?? '', to ?? '');
  if ('problem' in told) return refuse(told.problem);
  return report(placesOf(told.findings), console, { result: told.result });
}

function ask(cluster: Cluster, from: string, to: string): Found<Told> {
  const question = questionOf(cluster, from, to);
  if ('problem' in question) return question;
  const answer = follow(cluster, question);
  const ends = { ...question, from: [from], to: [{ name: to.split(':')[0] ?? '', ip: question.to }] };
  return {
    findings: findingsOf(answer),
    result: {
      text: describeReach(question, answer),
      json: { connections: [{ ...connectionJson(ends, answer), ...hopsJson(answer) }] },
    },
  };
}

function askAll(cluster: Cluster, placeOf: PlaceOf): Told {
  const world = worldOf(cluster);
  const matrix = matrixOf(world);
  return {
    findings: missingFindings(neededCells(world)),
    result: {
      text: describeTable(reachTable(cluster, matrix, placeOf)),
      json: { connections: matrixJson(matrix) },
    },
  };
}

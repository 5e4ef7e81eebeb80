import { type Finding, formatPath, type Path } from '../../diagnostics/diagnostic.ts';
import { locateDiagnostics } from '../../diagnostics/located.ts';
import { compileModel } from '../../pipeline.ts';
import { consequencesOf, isHarmful } from '../../reach/consequences.ts';
import { describeFailure } from '../../reach/describe-failure.ts';
import { describeReach } from '../../reach/describe-reach.ts';
import { describeTable } from '../../reach/describe-table.ts';
import type { Found } from '../../reach/ends.ts';
import { type Failure, failureOf, questionAfter } from '../../reach/failure.ts';
import { findingsOf, missingFindings } from '../../reach/findings.ts';
import { matrixOf, neededCells } from '../../reach/matrix.ts';
import { reach as follow } from '../../reach/reach.ts';
import { type PlaceOf, reachTable } from '../../reach/table.ts';
import { connectionJson, failureJson, hopsJson, matrixJson } from '../../reach/to-json.ts';
import type { World } from '../../reach/world.ts';
import type { Cluster } from '../../resolve/cluster.ts';
import type { Console } from '../console.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { type Result, report } from '../report.ts';

export interface ReachOptions {
  readonly model: string;
  readonly from?: string;
  readonly to?: string;
  readonly all: boolean;
  readonly failed: readonly string[];
}

/** What there is to tell, and what is wrong at lines of the model, or otherwise. */
interface Told {
  readonly findings: readonly Finding[];
  readonly result: Result;
  readonly isHarmful?: boolean;
}

/** Prints the way of a connection there and back, all connections as a table, or what a failure breaks. */
export async function reach(options: ReachOptions, console: Console): Promise<ExitCode> {
  const refuse = (problem: string): ExitCode => {
    console.error(`gen-infra: ${problem}\n`);
    return EXIT.usage;
  };
  const usage = usageProblem(options);
  if (usage !== undefined) return refuse(usage);
  const compilation = compileModel(options.model);
  const { cluster, locate } = compilation;
  // What rules say of the model is no reason not to look: it may be why somebody asks.
  if (cluster === undefined || locate === undefined)
    return report(locateDiagnostics(compilation.diagnostics, compilation), console);
  const placesOf = (findings: readonly Finding[]) => locateDiagnostics(findings.map(locate), compilation);
  const placeOf = (at: Path) => {
    const [place] = placesOf([{ rule: '', message: '', at }]);
    return `${formatPath(at)}, line ${place?.start.line}`;
  };
  const told = tell(cluster, options, placeOf);
  if ('problem' in told) return refuse(told.problem);
  const exitCode = await report(placesOf(told.findings), console, { result: told.result });
  return told.isHarmful === true ? EXIT.problems : exitCode;
}

function usageProblem({ from, to, all, failed }: ReachOptions): string | undefined {
  if (all && from !== undefined) return 'say FROM and TO, or --all';
  if (!all && from !== undefined && to === undefined) return `say whom "${from}" asks, too`;
  if (!all && from === undefined && failed.length === 0) return 'say FROM and TO, --all, or --failed NAME';
  return undefined;
}

function tell(cluster: Cluster, { from, to, all, failed }: ReachOptions, placeOf: PlaceOf): Found<Told> {
  const failure = failureOf(cluster, failed);
  if ('problem' in failure) return failure;
  if (from !== undefined && to !== undefined) return ask(failure, from, to);
  const table = all ? askAll(failure.world, placeOf) : undefined;
  if (table !== undefined && failed.length === 0) return table;
  const outcome = tellFailure(cluster, failure);
  return table === undefined
    ? outcome
    : {
        ...outcome,
        result: {
          text: `${outcome.result.text}\n${table.result.text}`,
          json: { ...outcome.result.json, ...table.result.json },
        },
      };
}

function ask(failure: Failure, from: string, to: string): Found<Told> {
  const { cluster, machines } = failure.world;
  const question = questionAfter(failure, from, to);
  if ('problem' in question) return question;
  const answer = follow(cluster, question, machines);
  const ends = { ...question, from: [from], to: [{ name: to.split(':')[0] ?? '', ip: question.to }] };
  return {
    findings: findingsOf(answer),
    result: {
      text: describeReach(question, answer),
      json: { connections: [{ ...connectionJson(ends, answer), ...hopsJson(answer) }] },
    },
  };
}

function askAll(world: World, placeOf: PlaceOf): Told {
  const matrix = matrixOf(world);
  return {
    findings: missingFindings(neededCells(world)),
    result: {
      text: describeTable(reachTable(world.cluster, matrix, placeOf)),
      json: { connections: matrixJson(matrix) },
    },
  };
}

function tellFailure(cluster: Cluster, failure: Failure): Told {
  const consequences = consequencesOf(cluster, failure);
  return {
    findings: [],
    result: {
      text: describeFailure(cluster, failure, consequences),
      json: failureJson(failure, consequences),
    },
    isHarmful: isHarmful(consequences),
  };
}

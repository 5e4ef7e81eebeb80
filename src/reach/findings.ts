import { type Finding, formatPath, type Path } from '../diagnostics/diagnostic.ts';
import { firstOfEach, groupBy } from '../resolve/group-by.ts';
import { lineOf, serviceText } from './labels.ts';
import type { Cell } from './matrix.ts';
import { type Answer, stopOf } from './reach.ts';
import { gistOf, type Stop } from './stops.ts';

/** What is to be said of an answer at lines of the model: what stops it, and which rules may decide otherwise. */
export function findingsOf(answer: Answer): Finding[] {
  const stop = stopOf(answer);
  return [...(stop === undefined ? [] : [unreachable(stop)]), ...[...answer.unsure].map(notJudged)];
}

/** The same for connections of which only those count that have to work, and what stops several is said once. */
export function missingFindings(cells: readonly Cell[]): Finding[] {
  const needed = cells.filter(({ needs }) => needs.length > 0);
  const stopped = needed.flatMap((cell) => {
    const stop = stopOf(cell.answer);
    return stop === undefined ? [] : [{ ...cell, stop }];
  });
  const unsure = needed.flatMap(({ answer }) => [...answer.unsure]);
  return [
    ...[...groupBy(stopped, ({ stop }) => `${formatPath(stop.at)}: ${gistOf(stop)}`).values()].flatMap(
      findingOf,
    ),
    ...firstOfEach(unsure, formatPath).map(notJudged),
  ];
}

/** What stops some connections, and those that it stops. */
function findingOf(cells: readonly (Cell & { readonly stop: Stop })[]): Finding[] {
  const [first] = cells;
  if (first === undefined) return [];
  const names = cells.map(
    ({ from, target, protocol, port }) => `${from.name} to ${target.name}${serviceText({ protocol, port })}`,
  );
  const places = cells
    .flatMap(({ needs }) => needs)
    .flatMap(({ at, purpose }) =>
      at === undefined
        ? []
        : [{ at, message: purpose === undefined ? 'needed here' : `needed here: ${purpose}` }],
    );
  const stop = cells.length === 1 ? first.stop : { ...first.stop, message: gistOf(first.stop) };
  return [
    {
      ...unreachable(stop),
      message: `${stop.message}, which has to work: ${lineOf(names)}`,
      related: firstOfEach(places, ({ at }) => formatPath(at)).slice(0, 5),
    },
  ];
}

function unreachable({ message, at, help }: Stop): Finding {
  return { rule: 'unreachable', severity: 'error', message, at, ...(help === undefined ? {} : { help }) };
}

function notJudged(origin: Path): Finding {
  return {
    ...{ rule: 'rule-not-judged', severity: 'warning', at: [...origin, 'rule'] },
    message: 'this rule may decide otherwise: whether it matches is not known here',
  };
}

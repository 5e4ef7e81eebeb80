export interface RowRules<T> {
  /** Whether these can stand beside each other; one alone always can. */
  readonly fits: (row: readonly T[]) => boolean;
  /** How much height an item needs when it is narrow. */
  readonly weigh: (item: T) => number;
}

/** More ways to arrange rows than these are not tried. */
const MOST_BOUNDS = 4;

/**
 * Ways to arrange items in rows: as many beside each other as fit, but items from some weight on in rows of their own.
 * The pinned ones stand to the right in the first row as far as they fit.
 */
export function rowChoices<T>(items: readonly T[], pinned: readonly T[], rules: RowRules<T>): T[][][] {
  const right = pinned.slice(0, fitting(pinned, [], rules));
  const free = [...items, ...pinned.slice(right.length)];
  const weights = [...new Set(free.map(rules.weigh))].sort((a, b) => b - a);
  const choices = [Number.POSITIVE_INFINITY, ...weights.slice(0, MOST_BOUNDS)].flatMap((bound) => {
    const light = free.filter((item) => rules.weigh(item) < bound);
    const heavy = free.filter((item) => rules.weigh(item) >= bound).map((item) => [item]);
    const beside = light.slice(0, right.length === 0 ? 0 : fitting(light, right, rules));
    const rest = light.slice(beside.length);
    const together = [[...beside, ...right], ...chunks(rest, rules), ...heavy];
    return beside.length === 0 ? [together] : [together, [right, ...chunks(light, rules), ...heavy]];
  });
  return choices.map((rows) => rows.filter((row) => row.length > 0));
}

function chunks<T>(items: readonly T[], rules: RowRules<T>): T[][] {
  if (items.length === 0) return [];
  const count = fitting(items, [], rules);
  return [items.slice(0, count), ...chunks(items.slice(count), rules)];
}

/** How many of these fit beside others. */
function fitting<T>(items: readonly T[], beside: readonly T[], { fits }: RowRules<T>): number {
  const beyond = items.findIndex((_item, index) => {
    const row = [...items.slice(0, index + 1), ...beside];
    return row.length > 1 && !fits(row);
  });
  return beyond < 0 ? items.length : beyond;
}

const ROW_COST = 60;

/** The lowest of these drawings; a row more has to be worth it. */
export function lowest<T extends { readonly height: number; readonly rows: number }>(
  drawings: readonly T[],
): T {
  const cost = ({ height, rows }: T) => height + rows * ROW_COST;
  return drawings.reduce((best, drawing) => (cost(drawing) < cost(best) ? drawing : best));
}

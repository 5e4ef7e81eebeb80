const MILLISECONDS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** The milliseconds of a time such as 500ms or 4h. */
export function millisecondsOf(duration: string): number {
  const [, count = '', unit = ''] = /^(\d+)(ms|s|m|h)$/.exec(duration) ?? [];
  return Number(count) * (MILLISECONDS[unit] ?? Number.NaN);
}

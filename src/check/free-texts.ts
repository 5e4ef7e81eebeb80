import type { Path } from '../diagnostics/diagnostic.ts';
import type { Cluster, Variable } from '../resolve/cluster.ts';

/** What people write in words of their own or word for word in another language. */
export interface FreeText {
  readonly text: string;
  readonly at: Path;
  readonly part?: 'key';
  /** The key of a variable's value. */
  readonly key?: string;
  readonly isNumber?: boolean;
}

/** Every such text of a model: comments, reasons, rules of nft, sections of HAProxy, and variables. */
export function freeTexts({
  flows,
  firewallRules,
  haproxy,
  variables,
  retired,
  waivers,
}: Cluster): FreeText[] {
  return [
    ...flows.flatMap(({ origin, reason }) =>
      origin === undefined ? [] : [{ text: reason, at: [...origin, 'comment'] }],
    ),
    ...firewallRules.flatMap(({ origin, rule, comment }) => [
      { text: rule, at: [...origin, 'rule'] },
      { text: comment, at: [...origin, 'comment'] },
    ]),
    ...haproxy.sections.flatMap(({ name, lines, origin }): FreeText[] => [
      { text: name, at: origin, part: 'key' },
      ...lines.map((text, index) => ({ text, at: [...origin, index] })),
    ]),
    ...variables.flatMap(({ values, origin }) =>
      [...values].flatMap(([name, value]) => textsOfVariable(value, [...origin, name])),
    ),
    ...retired.map(({ reason = '', origin }) => ({ text: reason, at: [...origin, 'reason'] })),
    ...waivers.map(({ reason, origin }) => ({ text: reason, at: [...origin, 'reason'] })),
  ].filter(({ text }) => text !== '');
}

/** The texts of a value and of what is in it; the last name on the way to it is its key. */
function textsOfVariable(value: Variable, at: Path): FreeText[] {
  const key = at.findLast((step) => typeof step === 'string');
  if (value === null || typeof value === 'boolean') return [];
  if (typeof value !== 'object') {
    return [
      { text: String(value), at, ...(key === undefined ? {} : { key }), isNumber: typeof value === 'number' },
    ];
  }
  if (Array.isArray(value)) return value.flatMap((item, index) => textsOfVariable(item, [...at, index]));
  return Object.entries(value).flatMap(([name, item]): FreeText[] => [
    { text: name, at: [...at, name], part: 'key' },
    ...textsOfVariable(item, [...at, name]),
  ]);
}

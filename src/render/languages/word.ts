import { textOf } from './text-of.ts';

/** A name, number, address or path that every language here takes without quotes. */
export function word(value: unknown): string {
  const text = textOf(value);
  if (!/^[A-Za-z0-9_./][A-Za-z0-9_./:@+-]*$/.test(text))
    throw new TypeError(`${JSON.stringify(text)} cannot stand without quotes`);
  return text;
}

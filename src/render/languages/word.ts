import { textOf } from './text-of.ts';

/** A name, number, address, path or URI that every language here takes without quotes. */
export function word(value: unknown): string {
  const text = textOf(value);
  if (!/^[A-Za-z0-9_./:@+?=%&~-]+$/.test(text))
    throw new TypeError(`${JSON.stringify(text)} cannot stand without quotes`);
  return text;
}

import { compareNames } from './compare-names.ts';

/** The entries of a map in the order of names, so that the order of keys in a file means nothing. */
export function entries<T>(map: Readonly<Record<string, T>>): [string, T][] {
  return Object.entries(map).sort(([a], [b]) => compareNames(a, b));
}

import { parse } from 'yaml';

type Data = Readonly<Record<string, unknown>>;

/** A model with YAML laid over it: maps are joined, everything else is replaced, and `null` takes a key away. */
export function overlay(model: Data, text: string): Data {
  return joined(model, parse(text) as Data);
}

function joined(below: Data, above: Data): Data {
  const entries = Object.entries(above).map(([key, value]) => {
    const old = below[key];
    return [key, isMap(old) && isMap(value) ? joined(old, value) : value] as const;
  });
  return Object.fromEntries(
    Object.entries({ ...below, ...Object.fromEntries(entries) }).filter(([, value]) => value !== null),
  );
}

function isMap(value: unknown): value is Data {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

import { yaml } from './yaml.ts';

/** Maps, lists and scalars as lines of YAML, each text as Ansible takes it for plain. */
export function yamlBlock(value: unknown): string {
  return blockLines(value).join('\n');
}

function blockLines(value: unknown): string[] {
  if (Array.isArray(value) && value.length > 0) {
    return value.flatMap((item) =>
      blockLines(item).map((line, index) => `${index === 0 ? '-' : ' '} ${line}`),
    );
  }
  const entries = entriesOf(value);
  if (entries.length === 0) return [scalar(value)];
  return entries.flatMap(([key, inner]) => {
    const lines = blockLines(inner);
    const isBlock = (Array.isArray(inner) && inner.length > 0) || entriesOf(inner).length > 0;
    return isBlock
      ? [`${yaml(key)}:`, ...lines.map((line) => `  ${line}`)]
      : [`${yaml(key)}: ${lines.join('')}`];
  });
}

/** The entries of a map in the order of keys, which means nothing to a reader. */
function entriesOf(value: unknown): [string, unknown][] {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return [];
  const entries: [string, unknown][] = value instanceof Map ? [...value] : Object.entries(value);
  return entries.sort(([a], [b]) => (a < b ? -1 : 1));
}

/** In YAML 1.1 a number with an exponent needs a dot; without one it is a text. */
function scalar(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return '[]';
  if (typeof value === 'object') return '{}';
  if (typeof value === 'number') return yaml(value).replace(/^(-?\d+)e/, '$1.0e');
  return yaml(value);
}

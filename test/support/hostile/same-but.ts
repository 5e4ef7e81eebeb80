/** What was read from an output in which the marker stands, as it has to be with another text in its place. */
export function withText(data: unknown, marker: string, text: string): unknown {
  if (typeof data === 'string') return data.replaceAll(marker, () => text);
  if (typeof data === 'number') return String(data) === marker ? Number(text) : data;
  if (Array.isArray(data)) return data.map((item) => withText(item, marker, text));
  if (data === null || typeof data !== 'object') return data;
  if ('template' in data && String(data.template).includes(marker) && !/^[\w.-]+$/.test(text))
    throw new Error(`a template holds ${JSON.stringify(text)}`);
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => [withText(key, marker, text), withText(value, marker, text)]),
  );
}

/**
 * Where two maps of data differ, in short. With `ofNames` it is the words that count, for names decide in which order
 * and on which line of the picture things stand.
 */
export function differences(
  expected: unknown,
  found: unknown,
  { ofNames }: { readonly ofNames: boolean },
): string[] {
  const toLeaves = (data: unknown) =>
    new Set(ofNames ? leaves(data, '').flatMap(words) : leaves(data, '').map(lineOf));
  const [left, right] = [toLeaves(expected), toLeaves(found)];
  return [
    ...[...left].filter((leaf) => !right.has(leaf)).map((leaf) => `- ${leaf}`),
    ...[...right].filter((leaf) => !left.has(leaf)).map((leaf) => `+ ${leaf}`),
  ].map((line) => line.slice(0, 300));
}

interface Leaf {
  readonly path: string;
  readonly value: unknown;
  /** Its place among the others. */
  readonly at: string;
}

/** Each scalar with the keys above it. */
function leaves(data: unknown, path: string, at = ''): Leaf[] {
  if (Array.isArray(data)) {
    const items = data.flatMap((item, index) => leaves(item, `${path}[]`, `${at}.${index}`));
    return [{ path: `${path} has`, value: data.length, at }, ...items];
  }
  if (data === null || typeof data !== 'object') return [{ path, value: data, at }];
  return Object.entries(data).flatMap(([key, value]) => leaves(value, `${path} ${key}`, at));
}

function lineOf({ path, value, at }: Leaf): string {
  return `${path}${at}: ${JSON.stringify(value)}`;
}

/** Some names have an underscore for a hyphen, or before a digit. */
function words({ path, value }: Leaf): string[] {
  if (/^ (topology|reach)\.svg/.test(path) && typeof value === 'number') return [];
  const parts = String(value)
    .split(/[\s,;]+/)
    .filter((part) => part !== '');
  return parts.map((part) =>
    `${path}: ${part}`
      .replaceAll('-', '_')
      .replaceAll('/', '.')
      .replaceAll(/(?<![\w])_(?=\d)/g, ''),
  );
}

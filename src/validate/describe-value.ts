const TYPE_NAMES: Readonly<Record<string, string>> = {
  string: 'a text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map',
};

/** JSON Schema's name of a type, as people say it. */
export function describeType(type: string): string {
  return TYPE_NAMES[type] ?? type;
}

/** What a value is, as people say it. */
export function describeValue(value: unknown): string {
  if (value === null) return 'empty';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'boolean') return 'a truth value';
  if (typeof value !== 'number') return describeType(typeof value);
  if (!Number.isFinite(value)) return 'no finite number';
  return describeType(Number.isInteger(value) ? 'integer' : 'number');
}

const LONGEST = 60;

/** A value as it can stand in a message: cut where it is long, and with what cannot be seen written as an escape. */
export function quote(value: unknown): string {
  if (typeof value === 'number') return String(value);
  if (typeof value !== 'string') return JSON.stringify(value) ?? 'nothing';
  const short = value.length > LONGEST ? `${value.slice(0, LONGEST - 3)}...` : value;
  return JSON.stringify(short).replace(INVISIBLE, escaped);
}

/** What has no form of its own, such as the zero width space, and spaces that are no blanks. */
const INVISIBLE = /(?! )[\p{C}\p{Z}]/gu;

function escaped(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}

/** A value as one writes it in YAML on one line. */
export function exampleText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(exampleText).join(', ')}]`;
  if (value !== null && typeof value === 'object') {
    return `{ ${Object.entries(value)
      .map(([key, inner]) => `${key}: ${exampleText(inner)}`)
      .join(', ')} }`;
  }
  // Whatever a reader of YAML could take for a number or a truth value stands in quotes.
  const isPlain =
    typeof value === 'string' &&
    /^[\w/][\w./:-]*$/.test(value) &&
    !/^([\d.:e+-]+|true|false|null|yes|no|on|off)$/i.test(value);
  return isPlain || isAddress(value) ? String(value) : JSON.stringify(value);
}

function isAddress(value: unknown): boolean {
  return typeof value === 'string' && value.split('.').length >= 4;
}

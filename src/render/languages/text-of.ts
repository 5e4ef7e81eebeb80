/** The text of a scalar; anything else in a place for a text is a bug of the renderer. */
export function textOf(value: unknown): string {
  // Half of a surrogate pair cannot be written in UTF-8: another character would stand in the file.
  if (typeof value === 'string' && value.isWellFormed()) return value;
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  throw new TypeError(`a text or number belongs here, not ${JSON.stringify(value)}`);
}

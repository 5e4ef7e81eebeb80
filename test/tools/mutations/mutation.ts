/** A mistake in one line of a template, and the test of the tool that notices. */
export interface Mutation {
  /** Below templates/. */
  readonly template: string;
  /** A text that one line of the template has, and what stands there instead. */
  readonly from: string;
  readonly to: string;
  /** Below test/tools/. */
  readonly test: string;
  /** The names of the tests to run are those that this is a part of. */
  readonly name: string;
}

/**
 * A template's text with the mistake.
 * @throws when the text to be replaced does not stand in exactly one line
 */
export function mutate(text: string, { template, from, to }: Mutation): string {
  const lines = text.split('\n');
  const hits = lines.filter((line) => line.includes(from));
  if (hits.length !== 1) throw new Error(`${template}: ${hits.length} lines have ${from}`);
  return lines.map((line) => line.replace(from, () => to)).join('\n');
}

/** The text that was likely meant, where only its case, its separators or what surrounds it keep it from a pattern. */
export function suggestForm(text: string, pattern: string | undefined): string | undefined {
  if (pattern === undefined) return undefined;
  const isRight = new RegExp(pattern, 'u');
  // Blanks, what cannot be seen, and the quotes of a word processor.
  const clean = text.replace(/^[\p{Z}\p{C}\p{Pi}\p{Pf}]+|[\p{Z}\p{C}\p{Pi}\p{Pf}]+$/gu, '');
  const lower = clean.toLowerCase();
  const hyphenated = lower.replace(/[_.]+/g, '-').replace(/^-+|-+$/g, '');
  return [clean, lower, hyphenated].find((candidate) => candidate !== text && isRight.test(candidate));
}

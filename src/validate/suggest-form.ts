import type { Schema } from './schema-source.ts';

export interface Form {
  readonly text: string;
  /** Whether it is the same as before, only written as it should be. */
  readonly isCertain: boolean;
}

/** What is the same in capitals: names of machines and domains (RFC 4343), and UUIDs (RFC 9562, section 4). */
const CASELESS = /^Expected a (name|DNS domain|UUID)\b/;

/** The text that was likely meant, where only its case, its separators or what surrounds it keep it from a pattern. */
export function suggestForm(text: string, { pattern, errorMessage = '' }: Schema): Form | undefined {
  if (pattern === undefined) return undefined;
  const isRight = new RegExp(pattern, 'u');
  // Blanks, what cannot be seen, and the quotes of a word processor.
  const clean = text.replace(/^[\p{Z}\p{C}\p{Pi}\p{Pf}]+|[\p{Z}\p{C}\p{Pi}\p{Pf}]+$/gu, '');
  const lower = clean.toLowerCase();
  const hyphenated = lower.replace(/[_.]+/g, '-').replace(/^-+|-+$/g, '');
  const forms = [
    { text: clean, isCertain: true },
    { text: lower, isCertain: CASELESS.test(errorMessage) },
    { text: hyphenated, isCertain: false },
  ];
  // Of a text of several words only the ends are looked at.
  return forms
    .slice(0, clean.includes(' ') ? 1 : undefined)
    .find((form) => form.text !== text && isRight.test(form.text));
}

import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { loadError } from './load-error.ts';

/** What YAML 1.2 can hold (section 5.1, c-printable), but for the carriage return: that has to end a line with LF. */
const BAD = /[^\t\n\r\x20-\x7e\x85\xa0-\ufffd\u{10000}-\u{10ffff}]|\r(?!\n)/u;

/** The first character of a text that cannot stand in a model. */
export function findBadCharacter(text: string): Diagnostic | undefined {
  const match = BAD.exec(text);
  if (match === null) return undefined;
  const [character] = match;
  const span = { start: match.index, end: match.index + 1 };
  if (character === '\r') {
    const message = 'a carriage return stands alone here; lines end with LF or CRLF';
    return loadError('file-characters', span, message, { help: 'convert the line ends of the file' });
  }
  const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  const help =
    character === '\0' ? 'remove it; a file full of these is UTF-16: save it as UTF-8' : 'remove it';
  return loadError('file-characters', span, `the control character U+${code} cannot stand in YAML`, { help });
}

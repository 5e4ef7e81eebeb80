/** Characters that take two cells of a terminal: wide and fullwidth ones (Unicode annex 11), pictographs among them. */
const WIDE =
  /[\u1100-\u115f\u2329\u232a\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{16fe0}-\u{18cff}\u{1aff0}-\u{1b2fb}\u{20000}-\u{3fffd}]|(?!\p{RI})\p{Emoji_Presentation}/u;

/** Characters that stand over the one before: combining marks, and the later parts of a syllable of Hangul. */
const NARROWEST = /[\p{Mn}\p{Me}\u1160-\u11ff\ud7b0-\ud7fb]/u;

/** A text as the cells of a terminal that it takes; of a wide character the second one is empty. */
export function toCells(text: string): string[] {
  const cells: string[] = [];
  for (const character of text) {
    const last = cells.length - 1;
    if (NARROWEST.test(character) && last >= 0) cells[last] += character;
    else cells.push(printable(character), ...(WIDE.test(character) ? [''] : []));
  }
  return cells;
}

/** Control characters could move the cursor; a tab is as wide as the space that replaces it. */
export function printable(text: string): string {
  return text.replaceAll('\t', ' ').replace(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu, '\ufffd');
}

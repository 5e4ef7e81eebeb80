import { type TextStyle, textWidth } from './text-width.ts';

/** The text, or as much of its beginning as fits with an ellipsis. */
export function shorten(text: string, style: TextStyle, width: number): string {
  if (textWidth(text, style) <= width) return text;
  const characters = [...text];
  while (characters.length > 0) {
    characters.pop();
    const short = `${characters.join('').trimEnd()}…`;
    if (textWidth(short, style) <= width) return short;
  }
  return '';
}

/** The text in lines that fit; what is left over after the last one is replaced by an ellipsis. */
export function wrap(text: string, style: TextStyle, options: { width: number; lines: number }): string[] {
  const words = text.split(' ').filter((word) => word !== '');
  const lines: string[] = [];
  for (const [index, word] of words.entries()) {
    const longer = lines.length === 0 ? word : `${lines.at(-1)} ${word}`;
    if (lines.length > 0 && textWidth(longer, style) <= options.width) lines.splice(-1, 1, longer);
    else if (lines.length < options.lines) lines.push(word);
    else {
      lines.splice(-1, 1, [lines.at(-1), ...words.slice(index)].join(' '));
      break;
    }
  }
  return lines.map((line) => shorten(line, style, options.width));
}

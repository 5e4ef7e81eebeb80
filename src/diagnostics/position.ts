/** A place in a text as people count it: both from 1, columns in UTF-16 units as editors do. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** The lines of a text, and the position of each of its offsets. Lines end with LF or CRLF. */
export class LineIndex {
  readonly text: string;
  readonly #starts: readonly number[];

  constructor(text: string) {
    this.text = text;
    const starts = [0];
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
    this.#starts = starts;
  }

  get lineCount(): number {
    return this.#starts.length;
  }

  position(offset: number): Position {
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.#starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (this.#starts[low] ?? 0) + 1 };
  }

  /** Where a line starts, counted from 1; behind the last one the end of the text. */
  start(number: number): number {
    return this.#starts[number - 1] ?? this.text.length;
  }

  /** A line's text without its end. */
  line(number: number): string {
    return this.text.slice(this.start(number), this.start(number + 1)).replace(/\r?\n$/, '');
  }
}

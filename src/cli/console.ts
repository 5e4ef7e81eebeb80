import { isAbsolute, relative, resolve } from 'node:path';
import { type Style, styleFor } from '../diagnostics/style.ts';

/** What a command sees of the process that runs it. */
export interface Io {
  readonly stdout: { write(text: string): unknown; readonly isTTY?: boolean };
  readonly stderr: { write(text: string): unknown; readonly isTTY?: boolean; readonly columns?: number };
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
}

export const FORMATS = ['pretty', 'json', 'github', 'sarif'] as const;

export type Format = (typeof FORMATS)[number];

export interface ReportOptions {
  readonly format: Format;
  readonly color: 'auto' | 'always' | 'never';
  readonly quiet: boolean;
}

/** Where a command writes: results on stdout, everything else on stderr. */
export class Console {
  readonly style: Style;
  readonly #io: Io;
  readonly #options: ReportOptions;

  constructor(io: Io, options: ReportOptions) {
    this.#io = io;
    this.#options = options;
    const isAuto = options.color === 'auto';
    this.style = styleFor(isAuto ? hasColor(io) : options.color === 'always');
  }

  get format(): Format {
    return this.#options.format;
  }

  /** Cells of a line on the terminal that errors go to. */
  get width(): number | undefined {
    return this.#io.stderr.columns;
  }

  /** A result that -q does not silence. */
  result(text: string): void {
    this.#io.stdout.write(text);
  }

  /** A line that tells what was done. */
  say(text: string): void {
    if (!this.#options.quiet && this.format === 'pretty') this.#io.stdout.write(`${text}\n`);
  }

  error(text: string): void {
    this.#io.stderr.write(text);
  }

  /** A file as the user would name it from where the command runs. */
  pathOf(file: string): string {
    const short = relative(this.#io.cwd, resolve(this.#io.cwd, file));
    return short === '' || short.startsWith('..') || isAbsolute(short) ? file : short;
  }
}

/** @see https://no-color.org */
function hasColor({ env, stderr }: Io): boolean {
  return (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb' && stderr.isTTY === true;
}

/** A half-open range of UTF-16 offsets in a source text. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Where in a model: keys and array indexes from the root. */
export type Path = readonly (string | number)[];

export type Severity = 'error' | 'warning';

/** Another place that belongs to a diagnostic, with what it has to do with it. */
export interface Related {
  readonly span: Span;
  readonly message: string;
}

/**
 * A change of the source that takes its diagnostic away and makes no other, and that leaves all else that the model says
 * as it is: "safe" as ruff says it, and no guess.
 */
export interface Edit {
  readonly span: Span;
  readonly replacement: string;
  /** What no other edit may change at the same time: a list or map, of which the last entry cannot be taken out alone. */
  readonly within?: Span;
}

/** One mistake at one place of the source: what, where, and how to fix it. */
export interface Diagnostic {
  /** The stable code of the kind of mistake. */
  readonly rule: string;
  readonly severity: Severity;
  readonly message: string;
  readonly span: Span;
  /** The place in the model, where the source could be read as one. */
  readonly path?: Path;
  readonly related?: readonly Related[];
  readonly help?: string;
  readonly edit?: Edit;
}

type Scalar = string | number | boolean;

/** What puts a finding right for certain: another value, or name of a key, where it is found; or nothing there at all. */
export type Fix = { readonly write: Scalar | readonly Scalar[] } | 'remove';

/** One mistake at one place of the model; `locate` turns it into a diagnostic. */
export interface Finding {
  readonly rule: string;
  readonly severity?: Severity;
  readonly message: string;
  readonly at: Path;
  /** What to underline: the value at the path, or its key. */
  readonly part?: 'key' | 'value';
  readonly related?: readonly { readonly at: Path; readonly message: string }[];
  readonly help?: string;
  readonly fix?: Fix;
}

/** How to put a finding right. */
export type Advice = Pick<Finding, 'help' | 'fix'>;

/** A path as people write it: `nodes.master1.ip`, `flows[2]`. */
export function formatPath(path: Path): string {
  return path
    .map((step, index) => {
      if (typeof step === 'number') return `[${step}]`;
      const name = /^[A-Za-z0-9_-]+$/.test(step) ? step : JSON.stringify(step);
      return index === 0 ? name : `.${name}`;
    })
    .join('');
}

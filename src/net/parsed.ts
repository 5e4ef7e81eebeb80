/** Why a text is not a value of the kind asked for. */
export interface Problem {
  readonly reason: string;
  /** The text that was likely meant. */
  readonly suggestion?: string;
  /** Whether that is the same value, in the form that it should have. */
  readonly isSame?: boolean;
}

/** What a parser answers: the value, or the problem with the text. */
export type Parsed<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: Problem };

export function parsed<T>(value: T): Parsed<T> {
  return { ok: true, value };
}

export function refused(reason: string, suggestion?: string): { ok: false; problem: Problem } {
  return { ok: false, problem: suggestion === undefined ? { reason } : { reason, suggestion } };
}

/** A value in a form that is not its canonical one. */
export function misshapen(reason: string, suggestion: string): { ok: false; problem: Problem } {
  return { ok: false, problem: { reason, suggestion, isSame: true } };
}

/** The value of a text that was validated before; a problem here is a bug of the caller. */
export function valid<T>(result: Parsed<T>): T {
  if (!result.ok) throw new Error(`a validated text did not parse: ${result.problem.reason}`);
  return result.value;
}

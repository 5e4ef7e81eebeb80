/** What each exit code says; they are part of the command's contract. */
export const EXIT = {
  ok: 0,
  /** Problems found in the model, or stale output under --check. */
  problems: 1,
  usage: 2,
  /** Something is missing, unreadable, unwritable or locked. */
  environment: 3,
  /** A bug of gen-infra. */
  internal: 70,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

import { CommanderError } from 'commander';
import { EnvironmentError } from '../environment-error.ts';
import type { Io } from './console.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { createProgram } from './program.ts';
import { VERSION } from './version.ts';

/** Runs a command line and gives its exit code. The one place where errors are caught. */
export async function main(argv: readonly string[], io: Io): Promise<ExitCode> {
  let exitCode: ExitCode = EXIT.ok;
  const program = createProgram(io, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync(argv, { from: 'user' });
    return exitCode;
  } catch (error) {
    return explain(error, io);
  }
}

function explain(error: unknown, io: Io): ExitCode {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  if (error instanceof EnvironmentError || isSystemError(error)) {
    io.stderr.write(`gen-infra: ${error.message}\n`);
    return EXIT.environment;
  }
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  io.stderr.write(
    `gen-infra ${VERSION}: this is a bug. Please report it with the model and these lines:\n${detail}\n`,
  );
  return EXIT.internal;
}

/** A call of the operating system that failed for a reason that nobody foresaw: a full quota, a broken disk. */
function isSystemError(error: unknown): error is Error {
  return error instanceof Error && 'syscall' in error && 'code' in error;
}

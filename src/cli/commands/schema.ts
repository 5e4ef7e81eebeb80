import { readSchemaText } from '../../validate/schema-source.ts';
import type { Console } from '../console.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';

/** Prints the JSON Schema that editors use. */
export async function schema(_options: object, console: Console): Promise<ExitCode> {
  console.result(readSchemaText());
  return EXIT.ok;
}

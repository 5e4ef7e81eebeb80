import runtime from 'nunjucks/src/runtime.js';
import { languages } from './languages/index.ts';
import type { View } from './renderer.ts';

/** What nunjucks' compiler makes of a template. */
export interface CompiledTemplate {
  root(env: unknown, context: unknown, frame: unknown, runtime: unknown, done: Done): void;
}

type Done = (error: Error | null, text: string | null) => void;

/**
 * nunjucks' runtime, strict: a name or property that does not exist throws wherever it is used. Plain nunjucks renders
 * nothing for it, so that a misspelt list of firewall rules would be an empty one.
 */
const strictRuntime = {
  ...runtime,
  memberLookup(value: unknown, key: string): unknown {
    if (value === null || typeof value !== 'object') throw new Error(`"${key}" is asked of ${String(value)}`);
    return existing(value, key);
  },
  handleError(cause: unknown, line: number): Error {
    const message = cause instanceof Error ? cause.message : String(cause);
    return new Error(line > 0 ? `${line}: ${message}` : ` ${message}`, { cause });
  },
};

const environment = {
  opts: { autoescape: false },
  getFilter(name: string): (value: unknown) => string {
    const language = Object.hasOwn(languages, name) ? languages[name] : undefined;
    if (language === undefined) throw new Error(`there is no language "${name}"`);
    return language;
  },
};

/**
 * The text of a template for a view.
 * @throws Error that begins with the template's name, and its line where the compiler noted it.
 */
export function renderTemplate(name: string, template: CompiledTemplate, view: View): string {
  const variables: Record<string, unknown> = { ...view };
  const context = {
    lookup: (variable: string) => existing(variables, variable),
    setVariable: (variable: string, value: unknown) => {
      variables[variable] = value;
    },
    addExport: () => undefined,
  };
  let result = '';
  template.root(environment, context, new runtime.Frame(), strictRuntime, (error, text) => {
    if (error !== null) throw new Error(`templates/${name}:${error.message}`, { cause: error.cause });
    result = text ?? '';
  });
  return result;
}

function existing(values: object, key: string): unknown {
  const value: unknown = Object.hasOwn(values, key) ? Reflect.get(values, key) : undefined;
  if (value === undefined || value === null)
    throw new Error(`there is no "${key}" among ${Object.keys(values).join(', ')}`);
  return value;
}

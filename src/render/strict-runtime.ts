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
    const member: unknown = Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined;
    if (member === undefined) throw new Error(`there is no "${key}" among ${Object.keys(value).join(', ')}`);
    return member;
  },
};

const environment = {
  opts: { autoescape: false },
  getFilter(name: string): (value: unknown) => string {
    const language = languages[name];
    if (language === undefined) throw new Error(`there is no language "${name}"`);
    return language;
  },
};

/** The text of a template for a view. Errors carry the template's line. */
export function renderTemplate(template: CompiledTemplate, view: View): string {
  const variables = new Map(Object.entries(view));
  const context = {
    lookup(name: string): unknown {
      if (!variables.has(name))
        throw new Error(`there is no "${name}" among ${[...variables.keys()].join(', ')}`);
      return variables.get(name);
    },
    setVariable: (name: string, value: unknown) => variables.set(name, value),
    addExport: () => undefined,
  };
  let result = '';
  template.root(environment, context, new runtime.Frame(), strictRuntime, (error, text) => {
    if (error !== null) throw error;
    result = text ?? '';
  });
  return result;
}

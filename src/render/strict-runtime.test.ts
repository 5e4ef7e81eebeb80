import { describe, expect, it } from 'vitest';
import { type CompiledTemplate, renderTemplate } from './strict-runtime.ts';

/** A template whose code does this with the runtime that compiled templates get. */
function templateThat(use: (runtime: Runtime) => unknown, line = 0): CompiledTemplate {
  return {
    root(env, context, _frame, runtime, done) {
      const helpers = runtime as Helpers;
      try {
        done(null, String(use({ ...(context as Context), ...(env as Environment), ...helpers })));
      } catch (error) {
        done(helpers.handleError(error, line), null);
      }
    },
  };
}

interface Context {
  lookup(name: string): unknown;
  setVariable(name: string, value: unknown): void;
}
interface Environment {
  getFilter(name: string): (value: unknown) => string;
}
interface Helpers {
  memberLookup(value: unknown, key: string): unknown;
  handleError(cause: unknown, line: number): Error;
}
type Runtime = Context & Environment & Helpers;

const render = (use: (runtime: Runtime) => unknown, line?: number) =>
  renderTemplate('a/b.njk', templateThat(use, line), { name: 'br0', empty: '', none: null, gone: undefined });

// What templates may do with it is tested with templates, in test/templates.test.ts.
describe('the runtime of templates', () => {
  it('gives names, properties and lengths, also where they are empty', () => {
    expect(render(({ lookup }) => lookup('name'))).toBe('br0');
    expect(render(({ lookup }) => lookup('empty'))).toBe('');
    expect(render(({ memberLookup }) => memberLookup({ zero: 0 }, 'zero'))).toBe('0');
    expect(render(({ memberLookup }) => memberLookup(['a', 'b'], 'length'))).toBe('2');
  });

  it('lets a template set a name of its own, and forgets it after', () => {
    const setAndGet = ({ setVariable, lookup }: Runtime) => {
      setVariable('own', 'x');
      return lookup('own');
    };
    expect(render(setAndGet)).toBe('x');
    expect(() => render(({ lookup }) => lookup('own'))).toThrow('there is no "own"');
  });

  it.each(['other', 'none', 'gone', 'toString', '__proto__'])('has no name %s', (name) => {
    expect(() => render(({ lookup }) => lookup(name))).toThrow(
      `templates/a/b.njk: there is no "${name}" among name, empty, none, gone`,
    );
  });

  it.each([
    [{ a: 1 }, 'b', 'there is no "b" among a'],
    [{ a: 1 }, 'constructor', 'there is no "constructor" among a'],
    [[1], 'map', 'there is no "map" among 0'],
    ['text', 'length', '"length" is asked of text'],
    [null, 'a', '"a" is asked of null'],
    [undefined, 'a', '"a" is asked of undefined'],
  ])('says what is missing of %j', (value, key, message) => {
    expect(() => render(({ memberLookup }) => memberLookup(value, key))).toThrow(message);
  });

  it.each(['upper', 'toString', 'constructor'])('has no filter %s', (name) => {
    expect(() => render(({ getFilter }) => getFilter(name))).toThrow(`there is no language "${name}"`);
  });

  it('says the line where the compiler noted it, and keeps the cause', () => {
    const cause = new TypeError('no');
    const fail = () => {
      throw cause;
    };
    expect(() => render(fail, 7)).toThrow(
      expect.objectContaining({ message: 'templates/a/b.njk:7: no', cause }),
    );
  });
});

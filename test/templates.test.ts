import { readdirSync, readFileSync } from 'node:fs';
import { runInThisContext } from 'node:vm';
import nunjucks, { type TemplateNode } from 'nunjucks';
import { describe, expect, it } from 'vitest';
import { templates } from '#templates';
import { compileModel } from '../src/pipeline.ts';
import { languages } from '../src/render/languages/index.ts';
import type { View } from '../src/render/renderer.ts';
import { renderers } from '../src/render/renderers/index.ts';
import { type CompiledTemplate, renderTemplate } from '../src/render/strict-runtime.ts';
import { clusters } from './support/clusters.ts';
import { inProject } from './support/paths.ts';

const names = readdirSync(inProject('templates'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.njk'))
  .sort();
const sourceOf = (name: string) => readFileSync(inProject(`templates/${name}`), 'utf8');

/** What compiles templates says the same: below ansible/ nunjucks leaves Jinja's signs alone. */
const JINJA_SAFE = {
  blockStart: '<%',
  blockEnd: '%>',
  variableStart: '<<',
  variableEnd: '>>',
  commentStart: '<#',
  commentEnd: '#>',
};
const optionsFor = (name: string) => ({
  autoescape: false,
  trimBlocks: true,
  lstripBlocks: true,
  ...(name.startsWith('ansible/') ? { tags: JINJA_SAFE } : {}),
});

/** What a template may be made of: outputs, loops, conditions, and expressions without calls. */
const ALLOWED = new Set([
  ...['Root', 'NodeList', 'Output', 'TemplateData', 'Filter', 'For', 'If', 'Set'],
  ...['Symbol', 'Literal', 'LookupVal', 'Group', 'Not', 'And', 'Or', 'Compare', 'CompareOperand'],
]);

const isNode = (value: unknown): value is TemplateNode =>
  typeof value === 'object' && value !== null && 'typename' in value && 'fields' in value;

function nodesOf(node: TemplateNode): TemplateNode[] {
  const inner = node.fields.flatMap((field) => node[field]).filter(isNode);
  return [node, ...inner.flatMap(nodesOf)];
}

/** The name of the filter that an expression ends in. */
function lastFilter(node: TemplateNode): unknown {
  return node.typename === 'Filter' && isNode(node['name']) ? node['name']['value'] : undefined;
}

/** What is wrong with a template, with its lines. */
function problemsOf(source: string, options: object): string[] {
  return nodesOf(nunjucks.parser.parse(source, [], options)).flatMap((node) => {
    const complain = (problem: string) => [`${node.lineno + 1}: ${problem}`];
    if (!ALLOWED.has(node.typename)) return complain(`${node.typename} has no place in a template`);
    if (node.typename === 'Filter' && !Object.hasOwn(languages, String(lastFilter(node))))
      return complain(`${lastFilter(node)} is no language`);
    if (node.typename !== 'Output') return [];
    const expressions = node.fields.flatMap((field) => node[field]).filter(isNode);
    const bare = expressions.filter(
      (inner) => inner.typename !== 'TemplateData' && lastFilter(inner) === undefined,
    );
    return bare.flatMap((inner) => complain(`an output ends in ${inner.typename}, not in a language`));
  });
}

describe('the check of templates', () => {
  it.each([
    ['a bare name', '{{ name }}', '1: an output ends in Symbol, not in a language'],
    ['a bare property', 'a\n{{ node.ip }}', '2: an output ends in LookupVal, not in a language'],
    ['a filter of nunjucks', '{{ name | upper }}', '1: upper is no language'],
    ['a filter inside of another', '{{ name | upper | word }}', '1: upper is no language'],
    ['a property that every object has', '{{ name | toString }}', '1: toString is no language'],
    [
      'a choice with a language on one side',
      '{{ (name | word) if a else b }}',
      '1: InlineIf has no place in a template',
    ],
    ['an include', '{% include "a.njk" %}', '1: Include has no place in a template'],
    ['a base template', '{% extends "a.njk" %}', '1: Extends has no place in a template'],
    ['a macro', '\n{% macro a() %}{% endmacro %}', '2: Macro has no place in a template'],
    ['a call', '{{ range(3) | word }}', '1: FunCall has no place in a template'],
    ['a joined text', '{{ (name ~ ip) | word }}', '1: Concat has no place in a template'],
  ])('finds %s', (_name, source, problem) => {
    expect(problemsOf(source, optionsFor('a.njk'))).toContain(problem);
  });

  it('takes Jinja below ansible/ as text', () => {
    const source = '{{ vip }} {% if a %}<< name | word >>{% endif %}';
    expect(problemsOf(source, optionsFor('ansible/a.njk'))).toEqual([]);
    expect(problemsOf('<< name >>', optionsFor('ansible/a.njk'))).toHaveLength(1);
  });
});

describe.each(names)('the template %s', (name) => {
  it('ends each output in a language, and is made of nothing but outputs, loops and conditions', () => {
    expect(problemsOf(sourceOf(name), optionsFor(name))).toEqual([]);
  });

  it('opens with the header', () => {
    const [first = '', second = ''] = sourceOf(name).split('\n');
    // A script's first line says what runs it.
    expect(first.startsWith('#!') ? second : first).toContain('header | comment');
  });
});

describe('templates and renderers', () => {
  it('belong to one another', () => {
    expect(renderers.map(({ template }) => template).sort()).toEqual(names);
  });

  it('have ids of their own', () => {
    const ids = renderers.map(({ id }) => id);
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
  });

  it('are compiled as they stand', () => {
    expect(Object.keys(templates).sort()).toEqual(names);
  });
});

function compile(source: string): CompiledTemplate {
  const code = nunjucks.precompileString(source, {
    name: 'test.njk',
    env: new nunjucks.Environment([], optionsFor('test.njk')),
    wrapper: ([precompiled]) => `(() => {\n${precompiled?.template}\n})()`,
  });
  return runInThisContext(code) as CompiledTemplate;
}

describe('a template', () => {
  const view = { name: 'br0', no: false, host: { ip: '10.17.4.21' }, rules: [{ port: 1 }], nothing: null };

  it.each([
    ['an output', '{{ nmae | word }}', 'nmae'],
    ['the property of an output', '{{ host.pi | word }}', 'pi'],
    ['the property of a loop variable', '{% for rule in rules %}{{ rule.prot | word }}{% endfor %}', 'prot'],
    ['a loop', '{% for rule in ruels %}x{% endfor %}', 'ruels'],
    ['the property of a loop', '{% for rule in host.ruels %}x{% endfor %}', 'ruels'],
    ['a loop over nothing', '{% for rule in nothing %}x{% endfor %}', 'nothing'],
    ['a condition', '{% if nmae %}x{% endif %}', 'nmae'],
    ['the property of a condition', '{% if host.pi %}x{% endif %}', 'pi'],
    ['a negated condition', '{% if not nmae %}x{% endif %}', 'nmae'],
    ['a second condition', '{% if no %}x{% elif nmae %}y{% endif %}', 'nmae'],
    ['a comparison', '{% if name == nmae %}x{% endif %}', 'nmae'],
    ['a part of a condition', '{% if name and nmae %}x{% endif %}', 'nmae'],
    [
      'the variable of a loop that is over',
      '{% for rule in rules %}{% endfor %}{{ rule.port | word }}',
      'rule',
    ],
    ['a set name', '{% set a = nmae %}', 'nmae'],
    ['what every object has', '{{ host.constructor | word }}', 'constructor'],
    ['what every list has', '{{ rules.map | word }}', 'map'],
  ])('with a misspelt name in %s throws, and says where and what', (_name, source, missing) => {
    const render = () => renderTemplate('test.njk', compile(source), view);
    expect(render).toThrow(/^templates\/test\.njk:/);
    expect(render).toThrow(`there is no "${missing}" among `);
  });

  it('that asks a text for a property throws', () => {
    const render = () => renderTemplate('test.njk', compile('{{ name.length | word }}'), view);
    expect(render).toThrow('"length" is asked of br0');
  });

  it('that is right shows its view', () => {
    const source =
      '{{ name | word }} {% for rule in rules %}{{ loop.index | word }}/{{ rule.port | word }}{% endfor %}';
    expect(renderTemplate('test.njk', compile(source), view)).toBe('br0 1/1');
  });
});

/**
 * The ways to the properties of a view; of a list only its first element's, and none into a rule of the firewall, which
 * nftRule takes as a whole and whose type says what may be missing.
 */
function waysInto(value: unknown): (readonly (string | number)[])[] {
  if (typeof value !== 'object' || value === null || 'matches' in value) return [];
  const entries = Array.isArray(value)
    ? value.slice(0, 1).map((item, index) => [index, item])
    : Object.entries(value);
  return entries.flatMap(([key, inner]) => {
    const own = Array.isArray(value) ? [] : [[key]];
    return [...own, ...waysInto(inner).map((way) => [key, ...way])];
  });
}

function without(value: unknown, [key, ...rest]: readonly (string | number)[]): unknown {
  if (typeof value !== 'object' || value === null || key === undefined) return value;
  if (Array.isArray(value)) return value.map((item, index) => (index === key ? without(item, rest) : item));
  const entries = Object.entries(value).flatMap(([name, inner]): [string, unknown][] => {
    if (name !== key) return [[name, inner]];
    return rest.length === 0 ? [] : [[name, without(inner, rest)]];
  });
  return Object.fromEntries(entries);
}

describe.each([...clusters.map(({ model }) => model), inProject('test/models/reservations.yaml')])(
  'with the views of %s',
  (model) => {
    const { cluster } = compileModel(model);

    it('no template shows less when a property is missing: it throws, unless it shows nothing of it', () => {
      if (cluster === undefined) throw new Error(`${model} does not compile`);
      let count = 0;
      for (const { template, jobs } of renderers) {
        for (const { view } of [...jobs(cluster)].slice(0, 3)) {
          const whole: View = { ...view, header: 'header' };
          const render = (shown: View) => renderTemplate(template, templates[template] ?? compile(''), shown);
          const expected = render(whole);
          for (const way of waysInto(whole)) {
            count += 1;
            let text: string;
            try {
              text = render(without(whole, way) as View);
            } catch {
              continue;
            }
            expect(text, `${template} without ${way.join('.')}`).toBe(expected);
          }
        }
      }
      expect(count).toBeGreaterThan(100);
    });
  },
);

// Makes from schema/cluster.schema.json what the code needs of it:
//   src/validate/model.ts          the types, committed; --check compares instead of writing
//   dist/cluster-validator.js      the validator as plain code, so that no schema is compiled at start
// and from templates/, for the same reason, dist/templates.js.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';

const root = new URL('../', import.meta.url);
const schemaText = readFileSync(new URL('schema/cluster.schema.json', root), 'utf8');

/** Editors' keywords, which say nothing about what is valid. */
const ANNOTATIONS = [
  'markdownDescription',
  'enumDescriptions',
  'defaultSnippets',
  'patternErrorMessage',
  'errorMessage',
];

/** Calls `change` on every schema in a schema, innermost first. */
function mapSchema(value, change) {
  if (Array.isArray(value)) return value.map((item) => mapSchema(item, change));
  if (value === null || typeof value !== 'object') return value;
  return change(
    Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, mapSchema(inner, change)])),
  );
}

/** Types know no if/then/else: a choice between a short and a long form is a union there. */
function asUnion({ if: condition, then: long, else: short, ...rest }) {
  if (condition?.type === undefined) return rest;
  return { ...rest, anyOf: [short, long] };
}

async function makeTypes() {
  const { compile } = await import('json-schema-to-typescript');
  const { format } = await import('prettier');
  const schema = mapSchema(JSON.parse(schemaText), (node) => {
    const { title, examples, ...rest } = asUnion(node);
    return node.$ref === undefined ? rest : { $ref: node.$ref };
  });
  const types = await compile({ ...schema, title: 'Model' }, 'Model', {
    bannerComment: '// Made from schema/cluster.schema.json by `npm run generate`. Do not edit.',
    additionalProperties: false,
    declareExternallyReferenced: true,
    format: false,
    ignoreMinAndMaxItems: true,
  });
  const options = { parser: 'typescript', singleQuote: true, printWidth: 110 };
  return format(types, options);
}

async function makeValidator() {
  const { default: Ajv } = await import('ajv');
  const { default: standaloneCode } = await import('ajv/dist/standalone/index.js');
  const { _ } = await import('ajv/dist/compile/codegen/index.js');
  const formats = ['ip', 'cidr', 'mac', 'address-range', 'ports', 'port-span', 'comment'];
  // Where a format's parser decides, the pattern is only there for editors.
  const schema = mapSchema(JSON.parse(schemaText), ({ pattern, ...node }) =>
    node.format === undefined && pattern !== undefined ? { ...node, pattern } : node,
  );
  const ajv = new Ajv({
    allErrors: true,
    strict: true,
    allowUnionTypes: true,
    strictTypes: false,
    strictRequired: false,
    code: { source: true, esm: true, lines: true, formats: _`formats` },
    formats: Object.fromEntries(formats.map((name) => [name, () => true])),
  });
  for (const keyword of ANNOTATIONS) ajv.addKeyword({ keyword });
  return asFactory(standaloneCode(ajv, ajv.compile(schema)));
}

/** ajv's module as a function of the formats' parsers: they live in the source, which the validator must not import. */
function asFactory(code) {
  const main = /^export const validate = (\w+);$/m.exec(code)?.[1];
  const imports = [];
  const body = code
    .replace(/^"use strict";/, '')
    .replaceAll(/^export .*$/gm, '')
    .replaceAll(/const (\w+) = require\("([^"]+)"\)(\.default)?;?/g, (_match, name, module) => {
      imports.push(
        `import ${name}Module from '${module}.js';`,
        `const ${name} = ${name}Module.default ?? ${name}Module;`,
      );
      return '';
    });
  if (main === undefined || /\brequire\(|^export /m.test(body))
    throw new Error("ajv's code has another form than expected");
  return `${imports.join('\n')}\nexport function makeValidator(formats) {\n${body}\nreturn ${main};\n}\n`;
}

/** Files below ansible/ hold Jinja of their own: there nunjucks has other signs. */
const JINJA_SAFE = {
  blockStart: '<%',
  blockEnd: '%>',
  variableStart: '<<',
  variableEnd: '>>',
  commentStart: '<#',
  commentEnd: '#>',
};

async function makeTemplates() {
  const { default: nunjucks } = await import('nunjucks');
  const folder = new URL('templates/', root);
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.njk'),
  );
  const compiled = names.sort().map((name) => {
    const tags = name.startsWith('ansible/') ? { tags: JINJA_SAFE } : {};
    const env = new nunjucks.Environment([], {
      autoescape: false,
      trimBlocks: true,
      lstripBlocks: true,
      ...tags,
    });
    const source = readFileSync(new URL(encodeURI(name), folder), 'utf8');
    return nunjucks.precompileString(source, {
      name,
      env,
      wrapper: ([{ template }]) => `${JSON.stringify(name)}: (() => {\n${template}\n})(),`,
    });
  });
  return `export const templates = {\n${compiled.join('\n')}\n};\n`;
}

const typesFile = new URL('src/validate/model.ts', root);
const types = await makeTypes();
if (process.argv.includes('--check')) {
  if (readFileSync(typesFile, 'utf8') !== types) {
    console.error(
      'src/validate/model.ts is not what schema/cluster.schema.json says: run `npm run generate`',
    );
    process.exit(1);
  }
} else {
  writeFileSync(typesFile, types);
  mkdirSync(new URL('dist', root), { recursive: true });
  writeFileSync(new URL('dist/cluster-validator.js', root), await makeValidator());
  writeFileSync(new URL('dist/templates.js', root), await makeTemplates());
  writeFileSync(
    new URL('dist/templates.d.ts', root),
    [
      "import type { CompiledTemplate } from '../src/render/strict-runtime.ts';",
      'export declare const templates: Readonly<Record<string, CompiledTemplate>>;',
      '',
    ].join('\n'),
  );
  writeFileSync(
    new URL('dist/cluster-validator.d.ts', root),
    [
      "import type { ValidateFunction } from 'ajv';",
      'type Formats = Readonly<Record<string, (text: string) => boolean>>;',
      'export declare function makeValidator(formats: Formats): ValidateFunction;',
      '',
    ].join('\n'),
  );
}

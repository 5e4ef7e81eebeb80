// Makes docs/rules/ from the rules in dist/; --check compares instead of writing.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { format } from 'prettier';

const root = new URL('../', import.meta.url);
const folder = new URL('docs/rules/', root);
const { rules } = await import(new URL('dist/check/rules/index.js', root));
const { formatIndex, formatRule } = await import(new URL('dist/check/format-rule.js', root));

const pages = new Map([
  ['README.md', formatIndex(rules)],
  ...rules.map((rule) => [`${rule.id}.md`, formatRule(rule)]),
]);
mkdirSync(folder, { recursive: true });
const known = new Map(readdirSync(folder).map((name) => [name, readFileSync(new URL(name, folder), 'utf8')]));
const wanted = new Map();
for (const [name, text] of pages) wanted.set(name, await format(text, { parser: 'markdown' }));
const stale = [...new Set([...known.keys(), ...wanted.keys()])].filter(
  (name) => known.get(name) !== wanted.get(name),
);
if (process.argv.includes('--check')) {
  for (const name of stale) console.error(`docs/rules/${name} is not what the rule says; run npm run rules`);
  process.exitCode = stale.length > 0 ? 1 : 0;
} else {
  for (const name of stale)
    if (wanted.has(name)) writeFileSync(new URL(name, folder), wanted.get(name));
    else rmSync(new URL(name, folder));
}

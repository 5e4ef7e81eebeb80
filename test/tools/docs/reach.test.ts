import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { clusters } from '../../support/clusters.ts';
import { inProject } from '../../support/paths.ts';
import { requireTools } from '../../support/require-tools.ts';
import { run } from '../../support/run.ts';

describe.each(clusters)('reach.svg of $name', ({ tree }) => {
  it('is a picture to a parser of XML, and says what the table of the README does', async (context) => {
    requireTools(context, ['xsltproc']);
    const stylesheet = inProject('test/tools/docs/labels.xsl');
    const picture = join(tree, 'reach.svg');
    const { exitCode, stdout, stderr } = await run('xsltproc', ['--nonet', stylesheet, picture]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    const [, section = ''] = readFileSync(join(tree, 'README.md'), 'utf8').split('\n## What reaches what\n');
    const cells = [...section.matchAll(/^\| (.*) \|$/gm)].flatMap(([, row = '']) => row.split(' | '));
    const said = cells.filter((cell) => !/^(From|---)$/.test(cell));
    expect(said.length).toBeGreaterThan(3);
    const lines = stdout.split('\n');
    expect(lines).toEqual(expect.arrayContaining(['labelled by title', ...said]));
  });
});

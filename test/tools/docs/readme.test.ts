import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { buildTree, clusters } from '../../support/clusters.ts';
import { inProject } from '../../support/paths.ts';

const full = { name: 'full', tree: buildTree(inProject('test/models/full.yaml')) };

describe.each([...clusters, full])('the README.md of $name', ({ tree }) => {
  const text = readFileSync(join(tree, 'README.md'), 'utf8');
  const missing = (paths: readonly string[], folder = '.') =>
    paths.filter((path) => !existsSync(join(tree, folder, path)));

  it('links to files that are there', () => {
    const links = [...text.matchAll(/\]\(([^)]+)\)/g)].map(([, path = '']) => path);
    expect(links).toContain('topology.svg');
    expect(missing(links)).toEqual([]);
  });

  it('lists files that are there', () => {
    const [, table = ''] = text.split('\n## Files\n');
    const [section = ''] = table.split('\n## ');
    const cells = [...section.matchAll(/^\| ([^|]+) \|/gm)].map(([, cell = '']) => cell);
    const paths = cells.slice(2).flatMap((cell) => cell.replaceAll('\\', '').split(', '));
    expect(paths.length).toBeGreaterThan(5);
    expect(missing(paths.map((path) => path.replace('NODE/', '')))).toEqual([]);
  });

  it('has commands that name files which are there, seen from the folder that it says', () => {
    const [, folder = ''] = /^.*Run the commands in the folder `([^`]+)`/m.exec(text) ?? [];
    const commands = [...text.matchAll(/^ {3}((?:ansible|terraform)\S* .*)$/gm)].map(
      ([, command = '']) => command,
    );
    const paths = commands.flatMap((command) => command.match(/[^ =]+(\.yml|\/\S+)/g) ?? []);
    expect(paths).toEqual(expect.arrayContaining(['requirements.yml', 'playbooks/setup_host_network.yml']));
    expect(missing(paths, folder)).toEqual([]);
  });
});

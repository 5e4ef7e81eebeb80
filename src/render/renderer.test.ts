import { describe, expect, it } from 'vitest';
import { outputPath } from './renderer.ts';

describe('the path of an output', () => {
  it.each([
    ['README.md.njk', {}, 'README.md'],
    [
      'ansible/playbooks/templates/haproxy/haproxy.cfg.j2.njk',
      {},
      'ansible/playbooks/templates/haproxy/haproxy.cfg.j2',
    ],
    ['ansible/.yamllint.njk', {}, 'ansible/.yamllint'],
    ['guests/[node]/network-config.njk', { node: 'lb1' }, 'guests/lb1/network-config'],
    ['[a]/[b]/[a].njk', { a: 'x', b: 'y.z' }, 'x/y.z/x'],
  ])('is that of the template %s with names filled in', (template, params, path) => {
    expect(outputPath(template, params)).toBe(path);
  });

  it.each(['', '.', '..', '../x', 'a/b', 'a\\b', '.hidden', '-x', 'a b', 'a\0', 'ü', '/etc'])(
    'has no name like %j',
    (node) => {
      expect(() => outputPath('guests/[node]/x.njk', { node })).toThrow(
        `"${node}" is no file name for [node]`,
      );
    },
  );

  it('has every name', () => {
    expect(() => outputPath('guests/[node]/x.njk')).toThrow(
      'guests/[node]/x.njk: "undefined" is no file name',
    );
  });
});

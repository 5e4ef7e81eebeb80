import { describe, expect, it } from 'vitest';
import { formatPath, type Path } from './diagnostic.ts';

describe('a path', () => {
  it.each<[path: Path, expected: string]>([
    [[], ''],
    [['nodes', 'master1', 'ip'], 'nodes.master1.ip'],
    [['firewall', 'flows', 2, 'to', 0], 'firewall.flows[2].to[0]'],
    [['nodes', 'a b', 'ip'], 'nodes."a b".ip'],
    [['nodes', 'a.b'], 'nodes."a.b"'],
    [['nodes', ''], 'nodes.""'],
    [['<<'], '"<<"'],
  ])('%j is written %s', (path, expected) => {
    expect(formatPath(path)).toBe(expected);
  });
});

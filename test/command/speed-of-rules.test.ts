import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { inProject } from '../support/paths.ts';

/** The rows of the benchmark's table: nodes, and milliseconds of parsing and of all rules. */
function measured(): { nodes: number; parsing: number; rules: number }[] {
  const { stdout, stderr } = spawnSync(process.execPath, [inProject('bench/rules.mjs'), '6'], {
    encoding: 'utf8',
    timeout: 240_000,
  });
  expect(stderr).toBe('');
  console.log(stdout);
  return [...stdout.matchAll(/^\| (\d+) \| (\d+) \| (\d+) \|/gm)].map(([, nodes, parsing, rules]) => ({
    nodes: Number(nodes),
    parsing: Number(parsing),
    rules: Number(rules),
  }));
}

it(
  'all rules take at most half of the time of parsing, and ten times as many nodes ten times as long',
  {
    timeout: 300_000,
    // On a machine that others use, too, a measurement is a bad one now and then.
    retry: 2,
  },
  () => {
    const rows = measured();
    expect(rows.map(({ nodes }) => nodes)).toEqual([1000, 3000, 10_000]);
    const [small, , large] = rows;
    expect(Number(small?.rules) / Number(small?.parsing)).toBeLessThanOrEqual(0.5);
    // Quadratic growth would be a hundred times.
    expect(Number(large?.rules) / Number(small?.rules)).toBeLessThan(20);
  },
);

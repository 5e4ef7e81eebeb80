import { expect, test } from 'vitest';
import { clusters } from '../../support/clusters.ts';
import { requireTools } from '../../support/require-tools.ts';
import { play, TOOLS } from './play.ts';

test('verify_connectivity.yml tries every connection of a master, tells what works, and fails for what does not', async (context) => {
  requireTools(context, [...TOOLS, 'ping'], { root: true });
  // A machine without any route that answers pings to 10.17.3.11 itself, and nothing else.
  const machine = { setUp: 'ip address add 10.17.3.11/32 dev lo' };
  const played = await play(clusters[0].tree, 'verify_connectivity.yml --limit master1,localhost', machine);
  expect(played.exitCode).toBe(2);
  const lines = played.said.match(/(ok|FAILED) +master1 -> \S+ \(\S+\) by \w+/g);
  expect([...new Set(lines)]).toEqual([
    'FAILED master1 -> api (192.168.0.55:6443) by readyz',
    'FAILED master1 -> infra-cluster (10.17.3.11:53) by tcp',
    'FAILED master1 -> k8s-api-lb (192.168.0.50) by ping',
    'ok master1 -> infra-cluster (10.17.3.11) by ping',
    'FAILED master1 -> 192.168.0.1 (192.168.0.1) by ping',
    'FAILED master1 -> 8.8.8.8 (8.8.8.8) by ping',
  ]);
  expect(played.said).toContain('FAILED one member holds api (192.168.0.55): held by nobody');
});

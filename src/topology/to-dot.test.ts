import { describe, expect, it } from 'vitest';
import { clusterOf, reference, reversed, smallest } from '../../test/support/resolved.ts';
import type { Model } from '../validate/model.ts';
import { buildTopology } from './build-topology.ts';
import { toDot } from './to-dot.ts';
import type { Topology } from './topology.ts';

function dotOf(model: Model): string {
  return toDot(buildTopology(clusterOf(model)));
}

describe('the DOT form', () => {
  it('of the smallest cluster has its bridges, networks, nodes, VIP and flows', () => {
    const lines = dotOf(smallest)
      .split('\n')
      .map((line) => line.trim());
    expect(lines[0]).toBe('graph "home" {');
    expect(lines).toEqual(
      expect.arrayContaining([
        'subgraph "cluster host kvm1" {',
        '"bridge kvm1 br0" [shape=box3d, label="br0 Linux bridge 192.168.0.40"]',
        '"bridge kvm1 br0" -- "lan"',
        '"bridge kvm1 virbr_kube" -- "kube"',
        '"kube" [shape=tab, label="kube\\n10.17.4.0/24"]',
        '"node master1" [label="master1\\n10.17.4.21\\nmaster"]',
        '"vip api" [shape=hexagon, label="VIP api\\n192.168.0.55\\n:6443 to master"]',
        '"vip api" -- "node lb2" [style=dotted]',
        '"router lan" -- "bridge kvm1 br0" [label="enp4s0f1"]',
        '"crossing 0" [shape=note, style="", label="6443 api to its backends"]',
        '"foot lan" -- "crossing 0" [dir=forward, style=bold]',
        '"foot kube" -- "crossing 0" [dir=back, style=bold]',
        '"internet" -- "crossing 2" [dir=back, style=bold]',
      ]),
    );
  });

  // A model can hold neither quotes nor backslashes; the form does not rely on it.
  it.each([
    ['say "hi"', 'say \\"hi\\"'],
    ['back\\nslash\\', 'back\\\\nslash\\\\'],
    ['a &lt; b', 'a &amp;lt; b'],
    ['two\nlines', 'two lines'],
  ])('has %j as text', (text, escaped) => {
    const topology: Topology = {
      name: 'x',
      facts: [],
      hosts: [],
      crossings: [{ from: ['a'], to: ['b'], isMutual: false, flows: [{ ports: '80', text }] }],
    };
    expect(toDot(topology)).toContain(`label="80 ${escaped}"]`);
  });

  it('has every name of the reference, whatever the order of keys', () => {
    const text = dotOf(reference);
    const names = ['nodes', 'networks', 'vips'].flatMap((key) =>
      Object.keys(reference[key as 'nodes' | 'networks' | 'vips']),
    );
    expect(names.filter((name) => !new RegExp(`["> ]${name}[\\\\"]`).test(text))).toEqual([]);
    expect(dotOf(reversed(reference))).toBe(text);
  });
});

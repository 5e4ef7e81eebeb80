import { describe, expect, it } from 'vitest';
import { compileText, SMALLEST, TWO_HOSTS } from '../../test/support/compile.ts';
import { contrastOf } from '../../test/support/contrast.ts';
import { type Picture, readPicture } from '../../test/support/picture.ts';
import { faultsOf } from '../../test/support/picture-faults.ts';
import { questionOf } from '../reach/ends.ts';
import { reach } from '../reach/reach.ts';
import { renderArtifacts } from '../render/render-artifacts.ts';
import { topologyWith } from '../render/renderers/topology.ts';
import type { Cluster } from '../resolve/cluster.ts';
import { buildTopology } from './build-topology.ts';
import { toDot } from './to-dot.ts';
import { toMermaid } from './to-mermaid.ts';
import { type Way, wayOf, withWay } from './way.ts';

function wayIn(cluster: Cluster, from: string, to: string): Way {
  const question = questionOf(cluster, from, to);
  if ('problem' in question) throw new Error(question.problem);
  return wayOf(question, reach(cluster, question));
}

function svgOf(cluster: Cluster, from: string, to: string): string {
  const renderer = topologyWith(wayIn(cluster, from, to));
  return renderArtifacts(cluster, [renderer], 'cluster.yaml')[0]?.content ?? '';
}

/** The texts in the boxes that are marked, the first of each. */
function marked({ boxes, texts }: Picture, mark: 'way' | 'stop'): string[] {
  return boxes
    .filter(({ classes }) => classes.includes(mark))
    .map((box) => {
      const inside = texts.filter(({ left, top }) => left > box.left && left < box.right && top > box.top);
      return inside.sort((a, b) => a.top - b.top)[0]?.text ?? '';
    });
}

const smallest = compileText(SMALLEST);
const hosts = compileText(TWO_HOSTS);

describe('the way of a connection', () => {
  it('goes from machine to machine, there and back', () => {
    expect(wayIn(smallest, 'lb1', 'master1:6443')).toEqual({
      title: 'from lb1 to 10.17.4.21, tcp 6443: delivered',
      lanes: ['lb1', 'kvm1', 'master1'],
      steps: [
        {
          ...{ from: 'lb1', to: 'kvm1', network: 'lan' },
          text: 'on lan by 192.168.0.40: 192.168.0.50 to 10.17.4.21',
        },
        { from: 'kvm1', to: 'master1', network: 'kube', text: 'on kube: 192.168.0.50 to 10.17.4.21' },
        {
          ...{ from: 'master1', to: 'kvm1', network: 'kube' },
          text: 'back on kube by 10.17.4.1: 10.17.4.21 to 192.168.0.50',
        },
        { from: 'kvm1', to: 'lb1', network: 'lan', text: 'back on lan: 10.17.4.21 to 192.168.0.50' },
      ],
      stop: undefined,
    });
  });

  it('ends at what stops it', () => {
    const { lanes, steps, stop } = wayIn(smallest, 'worker1', 'lb1:22');
    expect(lanes).toEqual(['worker1', 'kvm1']);
    expect(steps).toHaveLength(1);
    expect(stop).toEqual({
      text: 'Stopped: the firewall of kvm1 refuses it: no flow lets it pass',
      at: 'kvm1',
    });
  });

  it('need not leave who asks', () => {
    const { lanes, steps, stop } = wayIn(smallest, 'worker1', '10.17.4.99');
    expect({ lanes, steps, at: stop?.at }).toEqual({ lanes: ['worker1'], steps: [], at: 'worker1' });
  });
});

describe('the picture with a way', () => {
  it('marks the machines and bridges on it, and what stops it', () => {
    const there = readPicture(svgOf(smallest, 'lb1', 'master1:6443'));
    expect(marked(there, 'way').map((text) => text.split(' ')[0])).toEqual([
      'virbr_kube',
      'master1',
      'br0',
      'lb1',
    ]);
    expect(marked(there, 'stop')).toEqual([]);
    const stopped = readPicture(svgOf(smallest, 'worker1', 'lb1:22'));
    expect(marked(stopped, 'way')).toEqual(['worker1']);
    expect(marked(stopped, 'stop').map((text) => text.split(' ')[0])).toEqual(['virbr_kube', 'kvm1']);
  });

  it('marks the router outside of a way that leaves', () => {
    const picture = readPicture(svgOf(smallest, 'worker1', '8.8.8.8'));
    expect(marked(picture, 'way')).toContain('192.168.0.1 router of lan');
  });

  it.each([
    ['lb1', 'master1:6443'],
    ['worker1', 'lb1:22'],
    ['worker1', '10.17.4.99'],
    ['192.168.0.77', 'master1:6443'],
    ['worker1', '8.8.8.8'],
  ])('from %s to %s has no label that overlaps another or leaves its box', (from, to) => {
    expect(faultsOf(readPicture(svgOf(smallest, from, to)))).toEqual([]);
  });

  it('between hypervisors is whole, too', () => {
    const picture = readPicture(svgOf(hosts, 'master1', 'master2:2380'));
    expect(faultsOf(picture)).toEqual([]);
    // kube1's bridge on kvm1 and kube2's on kvm2 have one name, and both LANs are crossed.
    expect(marked(picture, 'way').map((text) => text.split(' ')[0])).toEqual([
      'virbr_kube',
      'master1',
      'br0',
      'virbr_kube',
      'master2',
      'br0',
    ]);
  });

  it.each(['light', 'dark'] as const)('has texts on marked boxes that are seen in a %s page', (scheme) => {
    const { css } = readPicture(svgOf(smallest, 'lb1', 'master1:6443'));
    expect(contrastOf(css, scheme, { text: 'name', box: 'card' })).toBeGreaterThan(4.5);
    expect(css).toMatch(
      /rect\.way \{ stroke: #8250df; stroke-width: 3 \}[\s\S]*rect\.way \{ stroke: #a371f7 \}/,
    );
  });
});

describe('the way in other forms', () => {
  const drawn = withWay(buildTopology(smallest), wayIn(smallest, 'worker1', 'lb1:22'));

  it('is edges of DOT instead of what crosses', () => {
    const lines = toDot(drawn)
      .split('\n')
      .map((line) => line.trim());
    const look = 'dir=forward, constraint=false, penwidth=3, color="#8250df"';
    expect(lines).toEqual(
      expect.arrayContaining([
        `"node worker1" -- "bridge kvm1 virbr_kube" [${look}, label="1 on kube by 10.17.4.1: 10.17.4.24 to 192.168.0.50"]`,
        '"way" [shape=note, label="way from worker1 to 192.168.0.50, tcp 22: not delivered\\nStopped: the firewall of kvm1 refuses it: no flow lets it pass"]',
      ]),
    );
    expect(lines.some((line) => line.includes('"crossing'))).toBe(false);
  });

  it('is arrows of Mermaid', () => {
    const lines = toMermaid(drawn)
      .split('\n')
      .map((line) => line.trim());
    expect(lines.filter((line) => line.includes('==>'))).toEqual([
      expect.stringMatching(
        /^n\d+ ==>\|"#49; on kube by 10\.17\.4\.1: 10\.17\.4\.24 to 192\.168\.0\.50"\| n\d+$/,
      ),
    ]);
    expect(lines.some((line) => line.includes('way from worker1 to 192.168.0.50'))).toBe(true);
  });
});

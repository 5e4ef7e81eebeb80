import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arbitraryModel } from '../../../test/support/arbitrary-model.ts';
import { contrastOf } from '../../../test/support/contrast.ts';
import { readPicture } from '../../../test/support/picture.ts';
import { faultsOf, missingFrom } from '../../../test/support/picture-faults.ts';
import { clusterOf, reference, reversed, smallest } from '../../../test/support/resolved.ts';
import type { Cluster } from '../../resolve/cluster.ts';
import type { Model } from '../../validate/model.ts';
import { renderArtifacts } from '../render-artifacts.ts';
import { topology } from './topology.ts';

function svgOf(cluster: Cluster, model = 'cluster.yaml'): string {
  const [artifact, ...others] = renderArtifacts(cluster, [topology], model);
  if (artifact?.path !== 'topology.svg' || others.length > 0) throw new Error('the picture is one file');
  return artifact.content;
}

const committed = [
  { name: 'reference', model: reference },
  { name: 'smallest', model: smallest },
];

/** The reference with so many workers more. */
function withWorkers(count: number): Model {
  const more = Array.from({ length: count }, (_, index) => [
    `worker${index + 10}`,
    { role: 'worker', network: 'kube_network_03', ip: `10.17.4.${index + 60}` },
  ]);
  return { ...reference, nodes: { ...reference.nodes, ...Object.fromEntries(more) } };
}

describe('the picture', () => {
  it.each(committed)(
    'of the $name cluster has no label that overlaps another or leaves its box',
    ({ model }) => {
      expect(faultsOf(readPicture(svgOf(clusterOf(model))))).toEqual([]);
    },
  );

  it.each(committed)('of the $name cluster shows every node, network, VIP and bridge', ({ model }) => {
    const cluster = clusterOf(model);
    expect(missingFrom(readPicture(svgOf(cluster)), cluster)).toEqual([]);
  });

  // More pictures, and other ones each time: PICTURES=1000 npx vitest run --project unit topology
  it('of any cluster is well-formed and whole, and nothing in it overlaps', () => {
    const more = process.env['PICTURES'];
    const sees = fc.property(arbitraryModel, (model) => {
      const cluster = clusterOf(model);
      const picture = readPicture(svgOf(cluster));
      expect([...faultsOf(picture), ...missingFrom(picture, cluster)]).toEqual([]);
    });
    fc.assert(sees, more === undefined ? { numRuns: 25, seed: 2 } : { numRuns: Number(more) });
  }, 120_000);

  it('has one bridge over three networks in the flat design, and says that they share a segment', () => {
    const { boxes, texts } = readPicture(svgOf(clusterOf(reference)));
    expect(boxes.filter(({ classes }) => classes.includes('bar'))).toHaveLength(1);
    expect(boxes.filter(({ classes }) => classes.includes('net'))).toHaveLength(3);
    expect(texts.filter(({ text }) => text.includes('3 networks share this broadcast domain'))).toHaveLength(
      1,
    );
  });

  it('has two bridges in the smallest cluster, and the cable goes to the one with the uplink', () => {
    const { boxes, texts, wires } = readPicture(svgOf(clusterOf(smallest)));
    const bars = boxes.filter(({ classes }) => classes.includes('bar'));
    expect(bars).toHaveLength(2);
    const names = bars.map(
      (bar) => texts.find(({ left, top }) => left > bar.left && left < bar.right && top > bar.top)?.text,
    );
    expect(names).toEqual([expect.stringMatching(/^virbr_kube /), expect.stringMatching(/^br0 /)]);
    const ends = wires.flatMap(({ parts }) => parts).filter(({ bottom }) => bottom === bars[1]?.top);
    expect(ends).toHaveLength(1);
    expect(ends[0]?.left).toBeGreaterThan(bars[1]?.left ?? 0);
    expect(texts.some(({ text }) => text.includes('broadcast domain'))).toBe(false);
  });

  it.each([
    [21, 24, 0],
    [22, 0, 1],
    [57, 0, 1],
  ])('of a cluster with %i workers more has %i of them on cards and %i stack', (more, cards, stacks) => {
    const model = withWorkers(more);
    const picture = readPicture(svgOf(clusterOf(model)));
    const workers = picture.texts.filter(
      ({ classes, text }) => classes.includes('name') && text.startsWith('worker'),
    );
    expect(workers).toHaveLength(cards);
    expect(picture.texts.filter(({ text }) => text === `${more + 3} nodes`)).toHaveLength(stacks);
    expect([...faultsOf(picture), ...missingFrom(picture, clusterOf(model))]).toEqual([]);
  });

  it('is the same for a model with its keys in another order', () => {
    for (const { model } of committed)
      expect(svgOf(clusterOf(reversed(model)))).toBe(svgOf(clusterOf(model)));
  });

  it('shortens a name of 63 characters and has all of it as a tooltip', () => {
    const name = `a${'b'.repeat(61)}c`;
    const { master1, ...others } = smallest.nodes;
    const cluster = clusterOf({
      ...smallest,
      nodes: { ...others, [name]: master1 as Model['nodes'][string] },
    });
    const picture = readPicture(svgOf(cluster));
    const [label] = picture.texts.filter(({ full }) => full === name);
    expect(label?.text).toMatch(/^ab+…$/);
    expect(faultsOf(picture)).toEqual([]);
  });

  it('has text of the model as text', () => {
    const comment = "</text><script>alert(1)</script> & <!-- ' {{ y }} ]]>";
    const cluster = clusterOf({ ...smallest, firewall: { flows: [{ from: 'lan', to: 'master', comment }] } });
    const svg = svgOf(cluster);
    expect(svg).not.toContain('<script');
    expect(readPicture(svg).texts.filter(({ full }) => full.endsWith(comment))).toHaveLength(1);
  });

  it('is well-formed even where the model has a file name that XML comments exclude', () => {
    const svg = svgOf(clusterOf(smallest), 'a--b & c.yaml');
    expect(svg).toMatch(/^<!-- Generated by gen-infra from /);
    expect(readPicture(svg).title).toBe('Topology of home');
  });

  it('asks nothing of a network and runs nothing', () => {
    const svg = svgOf(clusterOf(reference)).replace('http://www.w3.org/2000/svg', '');
    expect(svg).not.toMatch(/https?:|url\(|@import|@font-face|<script|<image|href=|\son\w+=/);
  });

  it('fits the width at which a page shows it', () => {
    for (const { model } of committed)
      expect(readPicture(svgOf(clusterOf(model))).canvas.right).toBeLessThan(900);
  });

  it('has a title and a description in words', () => {
    const svg = svgOf(clusterOf(smallest));
    expect(readPicture(svg).title).toBe('Topology of home');
    expect(/<desc id="description">(.*)<\/desc>/.exec(svg)?.[1]).toBe(
      'kvm1 has the bridge virbr_kube: network kube 10.17.4.0/24 (2 nodes). ' +
        'kvm1 has the bridge br0: to the internet by enp4s0f1; network lan 192.168.0.0/24 (2 nodes, VIP api 192.168.0.55). ' +
        'lan may open to kube: 6443 (api to its backends). kube may open to lan: 6443 (Kubernetes API at its VIP). ' +
        'kube may open to internet: all ports (egress).',
    );
  });
});

/** Which text stands on which box. */
const ON: readonly (readonly [text: string, box: string])[] = [
  ['title', 'paper'],
  ['fact', 'paper'],
  ['heading', 'panel'],
  ['note', 'panel'],
  ['note', 'segment'],
  ['note', 'router'],
  ['note', 'card'],
  ['flow', 'halo'],
  ['name', 'card'],
  ['address', 'card'],
  ['role', 'frame'],
  ['bar', 'bar'],
  ['badge', 'badge'],
  ['chip', 'nic'],
  ['chip', 'outside'],
  ['tone-out', 'tone-out'],
  ...[0, 1, 2, 3, 4, 5].flatMap((tone) =>
    ['role', 'fact', 'note', `tone-${tone}`].map((text) => [text, `tone-${tone}`] as const),
  ),
];

describe.each(['light', 'dark'] as const)('in a %s page', (scheme) => {
  const { css } = readPicture(svgOf(clusterOf(reference)));

  it('every text has the contrast to its box that WCAG 2.2 asks of texts of this size (1.4.3)', () => {
    const faint = ON.filter(([text, box]) => contrastOf(css, scheme, { text, box }) < 4.5);
    expect(faint).toEqual([]);
  });
});

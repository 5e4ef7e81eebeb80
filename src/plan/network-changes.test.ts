import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { withProvider097 } from '../../test/support/clusters.ts';
import { compileText } from '../../test/support/compile.ts';
import { inProject } from '../../test/support/paths.ts';
import { renderCluster } from '../pipeline.ts';
import { isRootModule, networkChanges } from './network-changes.ts';

const read = (model: string) => readFileSync(inProject(model), 'utf8');
const smallest = read('examples/smallest/cluster.yaml');
const reservations = read('test/models/reservations.yaml');

/** What is said when the output of one text becomes that of another: where, and the change that is named. */
async function said(before: string, after: string): Promise<string[]> {
  const old = (await renderCluster(compileText(before), 'cluster.yaml')).filter(({ path }) =>
    isRootModule(path),
  );
  const cluster = compileText(after);
  const now = await renderCluster(cluster, 'cluster.yaml');
  const texts = new Map(old.map(({ path, content }) => [path, content]));
  return networkChanges(cluster, texts, now).map(({ at, message }) => `${at.join('.')}: ${message}`);
}

function change(text: string, from: string | RegExp, to: string): string {
  const changed = text.replaceAll(typeof from === 'string' ? from : new RegExp(from, 'g'), to);
  expect(changed).not.toBe(text);
  return changed;
}

const RANGE = '10.17.4.100-10.17.4.199';

describe('a change of what libvirt may have already', () => {
  it.each([
    { from: 'mode: open', to: 'mode: route', says: 'from mode = "open" to mode = "route"' },
    { from: 'virbr_kube', to: 'virbr_k', says: 'from bridge = "virbr_kube" to bridge = "virbr_k"' },
    {
      from: RANGE,
      to: '10.17.4.100-10.17.4.189',
      says: 'from <range start="10.17.4.100" end="10.17.4.199"/> to <range start="10.17.4.100" end="10.17.4.189"/>',
    },
    { from: `, dhcp: ${RANGE}`, to: '', says: 'from dhcp enabled = true' },
    {
      from: ', dhcp:',
      to: ', mac: 52:54:00:00:04:01, dhcp:',
      says: 'from <mac address="52:54:00:b6:68:34"/> to <mac address="52:54:00:00:04:01"/>',
    },
    {
      from: 'mode: open, dhcp',
      to: 'mode: open, uuid: 3f9a0c5e-7f52-4c7e-9d1b-0d0b1d6f7a11, dhcp',
      says: 'gets <xsl:template match="/network/name">',
    },
  ])('is said at the network, with provider 0.8.3: $to', async ({ from, to, says }) => {
    const changes = await said(smallest, change(smallest, from, to));
    expect(changes).toHaveLength(1);
    expect(changes[0]).toContain('networks.kube: "kube" in terraform/kube/main.tf ');
    expect(changes[0]).toContain(says);
  });

  it('is said with provider 0.9.7', async () => {
    const after = change(reservations, RANGE, '10.17.4.100-10.17.4.189');
    expect(await said(withProvider097(reservations), withProvider097(after))).toEqual([
      expect.stringContaining('end = "10.17.4.199"'),
    ]);
  });

  it('is a network that another one takes the place of, or none', async () => {
    const renamed = smallest.replaceAll('kube: {', 'pods: {').replaceAll('network: kube', 'network: pods');
    expect(await said(smallest, renamed)).toEqual([
      'networks: the network "kube" is no longer in terraform/kube/main.tf, which goes with it: libvirt keeps the network',
    ]);
    const together = change(renamed, 'mode: open', 'terraform: { dir: kube }, mode: open');
    expect(await said(smallest, together)).toEqual([
      'networks: the network "kube" is no longer in terraform/kube/main.tf: the next `terraform apply` there destroys it under its guests',
    ]);
  });
});

describe('nothing is said', () => {
  it.each([
    { name: '0.8.3', choose: (text: string) => text },
    { name: '0.9.7', choose: withProvider097 },
  ])('of reservations, which a playbook adds: $name', async ({ choose }) => {
    const worker = '  worker4: { role: worker, network: kube, ip: 10.17.4.28, mac: "52:54:00:00:04:28" }\n';
    const more = change(reservations, '\nvips:', `${worker}\nvips:`);
    const fewer = reservations.replaceAll(/, mac: 52:54:00:00:04:\d\d/g, '');
    expect(fewer).not.toBe(reservations);
    expect(await said(choose(reservations), choose(more))).toEqual([]);
    expect(await said(choose(reservations), choose(fewer))).toEqual([]);
  });

  it('of a bridged network whose range is only in a comment', async () => {
    const lan = change(smallest, 'lan: { cidr: 192.168.0.0/24', 'lan: { cidr: 192.168.0.0/23');
    expect(await said(smallest, lan)).toEqual([]);
  });
});

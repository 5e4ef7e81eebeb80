import { describe, expect, it } from 'vitest';
import { renderCluster } from '../src/pipeline.ts';
import { clusterOf, reference } from './support/resolved.ts';
import { differencesOf, makeRoundTrips } from './support/round-trip/round-trip.ts';

/** What is read from the reference cluster's files after a change in one of them. */
async function afterChange(file: RegExp, from: string, to: string): Promise<string[]> {
  const files = await renderCluster(clusterOf(reference), 'cluster.yaml');
  const changed = files.map((each) =>
    file.test(each.path) ? { ...each, content: each.content.replace(from, to) } : each,
  );
  expect(changed).not.toEqual(files);
  return differencesOf(reference, changed);
}

// 200 models make the trip in test/command/round-trip.test.ts, which takes its time.
describe('what is read from the files of a cluster', () => {
  it('is what its model says', async () => {
    await makeRoundTrips(4);
  });

  it.each([
    [
      'an address',
      /hosts\.ini$/,
      'ansible_host=10.17.4.21',
      'ansible_host=10.17.4.20',
      '10.17.4.20 is not the model',
    ],
    ['a VRID', /vars\.yml$/, 'vrid: 55', 'vrid: 56', 'vrid: 56'],
    ['a priority', /vars\.yml$/, 'priority: 150', 'priority: 151', 'k8s-api-lb 151'],
    ['a port', /\.conf$/, 'tcp dport 6443', 'tcp dport 6444', 'port 6444 is not'],
    ['a MAC address', /README\.md$/, '52:54:00:c6:ba:3c', '52:54:00:c6:ba:3d', '52:54:00:c6:ba:3d is not'],
    ['a name', /\.conf$/, 'comment "worker3"', 'comment "worker4"', '10.17.4.26 worker4'],
    ['a route', /master1\/10-static/, 'Gateway=10.17.4.1', 'Gateway=10.17.3.1', '0.0.0.0/0 10.17.3.1'],
    ['a DNS server', /infra-cluster\/network-config/, '- 192.168.0.1', '- 192.168.0.50', 'dns: 192.168.0.50'],
    ['a network', /br0_network\/main\.tf/, '"kube_network_01"', '"kube_network_02"', 'name: kube_network_02'],
    ['a line too many', /README\.md$/, '| worker3 |', '| worker4 | | | | | | |\n| worker3 |', 'worker4'],
  ])('is seen not to be where %s is another', async (_what, file, from, to, said) => {
    const found = await afterChange(file, from, to);
    expect(found.join('\n')).toContain(said);
  });

  it('of the reference cluster is what its model says', async () => {
    expect(await differencesOf(reference, await renderCluster(clusterOf(reference), 'cluster.yaml'))).toEqual(
      [],
    );
  });
});

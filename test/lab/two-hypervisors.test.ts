import { expect, test } from 'vitest';
import { bootMachines, example, isAsPredicted, well } from './apply.ts';

/** Two hypervisors on one LAN, and masters of kubeadm's, which let everybody ask for /readyz. */
const get = bootMachines(example('examples/two-hypervisors/cluster.yaml'));

test('site.yml sets up both hypervisors, and everything works', async () => {
  well(await get().play('site'));
  await get().startNetworksAndGuests();
  const { text } = well(await get().play('verify_connectivity'));
  expect(text).toMatch(/All \d+ work/);
});

test('every connection between nodes is what reach says of it', async () => {
  await isAsPredicted(get());
});

test('without one of them the other has the virtual IP, and every connection is what reach --failed says of it', async () => {
  const lab = get();
  for (const name of ['lb2', 'master2', 'worker2', 'storage2', 'kvm2']) await lab.powerOff(name);
  const [api] = lab.tree.vips;
  const isOnFirst = async () => api !== undefined && (await lab.holders(api)).join() === 'lb1';
  expect(await lab.eventually(isOnFirst)).toBe(true);
  await isAsPredicted(lab, ['kvm2']);
  const url = `https://${api?.address}:6443/readyz`;
  const ask = ['curl', '-sk', '-m', '5', '-o', '/dev/null', '-w', '%{http_code}', url];
  expect((await lab.inNetwork('client', ask)).stdout).toBe('200');
});

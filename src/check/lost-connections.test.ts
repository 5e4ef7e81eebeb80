import { expect, it } from 'vitest';
import { mistakesIn, SMALLEST } from '../../test/support/compile.ts';

it('a virtual IP is asked at each member that answers by a way of its own, be it not the first', () => {
  const cards = 'eth0: { network: lan, ip: 192.168.0.51 }, eth1: { network: kube, ip: 10.17.4.51 }';
  const model = SMALLEST.replace('network: lan, ip: 192.168.0.51', `nics: { ${cards} }`);
  expect(mistakesIn(model)).toEqual([
    '15:98 return-path-asymmetric: "lb2" answers "master1" here, but is asked for port 6443 of "api" in "lan", through the hypervisor',
  ]);
});

it.each([
  [
    '10.17.4.21',
    '192.168.0.21',
    '16:47 address-outside-network: 192.168.0.21 is not in "kube" (10.17.4.0/24)',
  ],
  [
    '192.168.0.50',
    '10.17.4.50',
    '14:49 address-outside-network: 10.17.4.50 is not in "lan" (192.168.0.0/24)',
  ],
])('an address outside its network is found as such, and as nothing else: %s as %s', (ip, other, mistake) => {
  expect(mistakesIn(SMALLEST.replace(ip, other))).toEqual([mistake]);
});

import { Mac } from '../../net/mac.ts';
import { defineRule } from '../rule.ts';

export const macNotUnicast = defineRule({
  id: 'mac-not-unicast',
  severity: 'error',
  docs: {
    summary: 'a MAC address is one of a group, or zero: no network card can have it',
    why: 'An odd first octet says that the address is one of a group (the I/G bit of IEEE 802), and libvirt refuses it: "expected unicast mac address, found multicast". Linux gives no interface the address zero (`is_valid_ether_addr` in include/linux/etherdevice.h), so that the guest would not start.',
    help: 'Write an address with an even first octet, such as one of those that start with 52:54:00, which QEMU uses.',
    fails: 'nodes:\n  worker1: { mac: "53:54:00:96:a9:cb" }',
    passes: 'nodes:\n  worker1: { mac: "02:00:00:00:00:01" }',
  },
  *check({ networks, nodes }) {
    const cards = [...networks, ...nodes.flatMap(({ nics }) => nics)];
    for (const { mac, origin } of cards) {
      const problem = mac && problemOf(mac);
      if (mac === undefined || problem === undefined) continue;
      yield { at: [...origin, 'mac'], message: `${mac} ${problem.reason}`, help: problem.help };
    }
  },
});

function problemOf(mac: Mac): { reason: string; help: string } | undefined {
  const help = 'leave `mac` out, or write one that starts with 52:54:00';
  if (mac.text === '00:00:00:00:00:00') return { reason: 'is zero, which Linux gives no interface', help };
  if (mac.text === 'ff:ff:ff:ff:ff:ff') return { reason: 'is the address of all cards', help };
  // It stops at the first colon.
  const first = Number.parseInt(mac.text, 16);
  if (first % 2 === 0) return undefined;
  const [, ...others] = mac.octets;
  const even = Mac.fromOctets([first - 1, ...others]);
  return {
    reason: 'is the address of a group: its first octet is odd',
    help: `with an even one it is ${even}`,
  };
}

import { rangesOf } from '../../resolve/subnets.ts';
import { defineRule } from '../rule.ts';

/** Three bits for hosts (terraform-provider-libvirt v0.8.3, libvirt/network.go, getNetworkIPConfig, minimumSubnetBits). */
const LONGEST_PREFIX = 29;

export const rangeTooSmallForProvider = defineRule({
  id: 'range-too-small-for-provider',
  severity: 'error',
  docs: {
    summary: "a range is too small for the version of Terraform's libvirt provider",
    why: "The provider computes a DHCP range of its own in each of a network's `addresses` and refuses one with fewer than three host bits with `netmask seems to be too strict` (terraform-provider-libvirt v0.8.3, libvirt/network.go, getNetworkIPConfig), at apply, not at plan.",
    help: 'Make it a /29 or larger, or use provider 0.9.7. In `bridge` mode the provider gets no addresses, so every range will do.',
    fails:
      'networks:\n  link: { cidr: 10.17.6.0/30, bridge: virbr_link, mode: open }\nnodes:\n  worker1: null\n  link1: { role: worker, network: link, ip: 10.17.6.2 }',
    passes:
      'hypervisors:\n  kvm1: { bridges: { br1: {} } }\nnetworks:\n  link: { cidr: 10.17.6.0/29, bridge: virbr_link, mode: open }\n  pair: { cidr: 10.17.7.0/30, bridge: br1, mode: bridge }',
  },
  *check({ networks }) {
    for (const network of networks) {
      const { mode, bridges, origin } = network;
      const old = bridges.find(({ hypervisor }) => hypervisor.terraform.provider === '0.8.3')?.hypervisor;
      if (mode === 'bridge' || old === undefined) continue;
      const ranges = rangesOf(network);
      for (const [index, cidr] of ranges.entries()) {
        if (cidr.prefix <= LONGEST_PREFIX) continue;
        yield {
          at: [...origin, 'cidr', ...(ranges.length > 1 ? [index] : [])],
          message: `${cidr} has fewer than three host bits, which provider 0.8.3 refuses at apply`,
          related: [
            { at: [...old.origin, 'terraform', 'provider'], message: `${old.name} has provider 0.8.3` },
          ],
          help: `make it a /29, or say \`terraform: { provider: "0.9.7" }\` on ${old.name}`,
        };
      }
    }
  },
});

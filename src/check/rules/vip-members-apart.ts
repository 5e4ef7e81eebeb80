import { isOneSegment } from '../../resolve/segments.ts';
import { subnetOf } from '../../resolve/subnets.ts';
import { defineRule } from '../rule.ts';

export const vipMembersApart = defineRule({
  id: 'vip-members-apart',
  severity: 'error',
  docs: {
    summary: 'a member of a virtual IP has no card in the network of the address',
    why: 'A new holder takes the address over by gratuitous ARP, which no router passes on: on another segment the neighbours and their router still look for it where it was. The advertisements of the members are for one LAN as well: those to 224.0.0.18 no router forwards (RFC 9568, 5.1.1.2), and sent from member to member they meet the firewalls between, so that two members hold the address at a time. A member beside the segment that has no address of the network answers through the router of another one.',
    help: 'Give the member a card in the network of the address, or take a node that has one. Bridges of several hypervisors that are one LAN are joined under `segments`, and a network there is on all of them.',
    fails: 'vips:\n  api: { members: [lb1, worker1] }',
    passes: `controller: kvm1
hypervisors:
  kvm2: { bridges: { br0: { uplink: eno1, ip: 192.168.0.41 } } }
segments: { lan: [kvm1.br0, kvm2.br0] }
networks:
  kube: { on: kvm1 }
nodes:
  lb1: { on: kvm1 }
  lb2: { on: kvm2 }`,
  },
  *check({ vips }) {
    for (const { ip, network, members } of vips) {
      const home = members.find(({ nic }) => nic.network === network);
      if (home === undefined || subnetOf(network, ip) === undefined) continue;
      for (const member of members) {
        const { node, nic } = member;
        if (subnetOf(nic.network, ip) !== undefined && isOneSegment(nic.network, network)) continue;
        const isBeside = isOneSegment(nic.network, network);
        yield {
          at: member.origin,
          part: 'key',
          message: isBeside
            ? `"${node.name}" has no card in "${network.name}", where ${ip} is, but in "${nic.network.name}" on the same segment`
            : `"${node.name}" is on another segment than "${home.node.name}": ${ip} cannot move from "${network.name}" to "${nic.network.name}"`,
          related: [
            { at: [...home.nic.origin, 'network'], message: `"${home.node.name}" is here` },
            { at: [...nic.origin, 'network'], message: `"${node.name}" is here` },
          ],
          help: `give "${node.name}" a card in "${network.name}", or name another node`,
        };
      }
    }
  },
});

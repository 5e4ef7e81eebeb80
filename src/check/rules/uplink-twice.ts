import type { Bridge } from '../../resolve/cluster.ts';
import { defineRule } from '../rule.ts';

export const uplinkTwice = defineRule({
  id: 'uplink-twice',
  severity: 'error',
  docs: {
    summary: 'a network card is the uplink of two bridges of one host',
    why: 'An interface is a port of one bridge. Joined to a second one it leaves the first (`do_set_master` in net/core/rtnetlink.c), or is refused, so that one of the two ends at the host.',
    help: 'Give each bridge a network card of its own, or say the networks of both on one bridge. An interface of a VLAN, such as eno1.10, is one of its own.',
    fails: 'hypervisors:\n  kvm1: { bridges: { br1: { uplink: enp4s0f1 } } }',
    passes: 'hypervisors:\n  kvm1: { bridges: { br1: { uplink: enp4s0f1.10 } } }',
  },
  *check({ hypervisors }) {
    for (const { bridges } of hypervisors) {
      const first = new Map<string, Bridge>();
      for (const bridge of bridges) {
        const { uplink } = bridge;
        if (uplink === undefined) continue;
        const other = first.get(uplink);
        first.set(uplink, other ?? bridge);
        if (other === undefined) continue;
        yield {
          at: [...bridge.origin, 'uplink'],
          message: `"${uplink}" is the uplink of "${other.name}" already, and an interface is in one bridge`,
          related: [{ at: [...other.origin, 'uplink'], message: 'the other one is here' }],
          help: 'name another network card, or put the networks of both on one bridge',
        };
      }
    }
  },
});

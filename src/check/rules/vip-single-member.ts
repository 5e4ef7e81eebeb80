import { defineRule } from '../rule.ts';

export const vipSingleMember = defineRule({
  id: 'vip-single-member',
  severity: 'warning',
  docs: {
    summary: 'a virtual IP has one member only',
    why: 'Keepalived moves the address when its holder fails. With one member there is nowhere to move it, so that machine is a single point of failure as it would be without a virtual IP.',
    help: 'Add a second load balancer on the same network. If one has to do for now, waive the rule and say why.',
    fails: 'vips:\n  api: { members: [lb1] }',
    passes: 'vips:\n  api: { members: [lb1, lb2] }',
  },
  *check({ vips }) {
    for (const { name, members, origin } of vips) {
      const [only, second] = members;
      if (only === undefined || second !== undefined) continue;
      yield {
        at: [...origin, 'members'],
        message: `"${name}" has the one member "${only.node.name}": when that fails, nobody holds the address`,
        help: 'add a second load balancer on the same network',
      };
    }
  },
});

import { OPERATING_SYSTEMS } from '../../resolve/operating-system.ts';
import { defineRule } from '../rule.ts';

export const vipMemberWithoutPackages = defineRule({
  id: 'vip-member-without-packages',
  severity: 'error',
  docs: {
    summary: 'a member of a virtual IP has no packages of HAProxy and Keepalived',
    why: 'The playbook installs the packages of the distribution. Flatcar has no package manager and a read-only /usr ([Flatcar](https://www.flatcar.org/docs/latest/)), and not the Python either that the modules of Ansible run on.',
    help: 'Give the member `os: rocky9`, `debian12` or another system with packages. Masters and workers may be Flatcar.',
    fails: 'nodes:\n  lb2: { os: flatcar }',
    passes: 'nodes:\n  lb2: { os: debian12 }\n  master1: { os: flatcar }',
  },
  *check({ vips }) {
    const members = vips.flatMap((vip) => vip.members.map((member) => ({ ...member, vip })));
    const first = new Map(members.toReversed().map((member) => [member.node, member]));
    for (const [{ os, name, origin }, member] of first) {
      const { title, family } = OPERATING_SYSTEMS[os];
      if (family !== 'flatcar') continue;
      yield {
        at: [...origin, 'os'],
        message: `"${name}" is a member of "${member.vip.name}", and ${title} has no packages of HAProxy and Keepalived`,
        related: [{ at: member.origin, message: 'a member here' }],
        help: 'say another `os`, such as debian12, or name other members',
      };
    }
  },
});

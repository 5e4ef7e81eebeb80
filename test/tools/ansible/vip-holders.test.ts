import { describe, expect, it } from 'vitest';
import { clusters } from '../../support/clusters.ts';
import { inProject } from '../../support/paths.ts';
import { requireTools } from '../../support/require-tools.ts';
import { complaintsIn, failedIn, onMachine } from './machine/machine.ts';

const [, { tree }] = clusters;

const playbooks = {
  'order.yml': [
    {
      hosts: 'vip_members',
      gather_facts: false,
      tasks: [{ 'ansible.builtin.import_tasks': 'tasks/group_by_vip_holder.yml' }],
    },
    {
      hosts: 'vip_backups:vip_holders',
      gather_facts: false,
      serial: 1,
      tasks: [{ name: 'Turn', 'ansible.builtin.debug': { msg: 'next' } }],
    },
  ],
  'count.yml': [
    {
      hosts: 'vip_members',
      gather_facts: false,
      tasks: [{ 'ansible.builtin.import_tasks': 'tasks/assert_one_vip_holder.yml' }],
    },
  ],
};

/** lb1 and lb2, which are reached as machines of their own; lb1 holds the virtual IP. */
const machine = {
  tree,
  playbooks,
  variables: { ansible_connection: 'ssh' },
  env: { ADDRESSES: '192.168.0.50 192.168.0.51' },
};
const LAN = `
source '${inProject('test/tools/ansible/machine/lan.sh')}'
ip -n 192.168.0.50 address add 192.168.0.55/32 dev eth0
`;
const TOOLS = ['ansible-playbook', 'ip', 'unshare'];

describe('the members of a virtual IP', () => {
  it('have their turns with the holder last', async (context) => {
    requireTools(context, TOOLS, { root: true });
    const { answers } = await onMachine(`${LAN}\nplay order order.yml`, machine);
    const turns = answers('order').filter(({ task }) => task === 'Turn');
    expect(turns.map(({ host }) => host)).toEqual(['lb2', 'lb1']);
  });

  it('are accepted with one holder, and refused with two and with none', async (context) => {
    requireTools(context, TOOLS, { root: true });
    const script = `${LAN}
play one count.yml
ip -n 192.168.0.51 address add 192.168.0.55/32 dev eth0
play two count.yml
ip -n 192.168.0.50 address delete 192.168.0.55/32 dev eth0
ip -n 192.168.0.51 address delete 192.168.0.55/32 dev eth0
play none count.yml`;
    const { answers } = await onMachine(script, machine);
    const refusal = Array(2).fill('Check that exactly one member holds each virtual IP');
    expect(failedIn(answers('one'))).toEqual([]);
    expect(failedIn(answers('two'))).toEqual(refusal);
    expect(failedIn(answers('none'))).toEqual(refusal);
    const vrrp = 'Two holders do not hear one another: VRRP (IP protocol 112)';
    expect(complaintsIn(answers('two'))[0]).toContain(`is held by lb1 and lb2. ${vrrp}`);
    expect(complaintsIn(answers('none'))[0]).toMatch(/is held by nobody\.$/);
  });

  it('are all asked, those too that a run is not about', async (context) => {
    requireTools(context, TOOLS, { root: true });
    const { answers } = await onMachine(`${LAN}\nplay count count.yml --limit lb2`, machine);
    expect(failedIn(answers('count'))).toEqual([]);
    expect(answers('count').map(({ host }) => host)).toEqual(['lb2', 'lb2']);
  });

  it('may be out of reach, where another holds it, and are named where nobody does', async (context) => {
    requireTools(context, TOOLS, { root: true });
    const script = `${LAN}
ip netns delete 192.168.0.51
play held count.yml --limit lb1
ip -n 192.168.0.50 address delete 192.168.0.55/32 dev eth0
play lost count.yml --limit lb1`;
    const { answers } = await onMachine(script, machine);
    expect(failedIn(answers('held'))).toEqual([]);
    expect(complaintsIn(answers('lost')).at(-1)).toMatch(/is held by nobody\. lb2 did not answer\.$/);
  });
});

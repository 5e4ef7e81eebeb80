import { describe, expect, it } from 'vitest';
import { clusters } from '../../support/clusters.ts';
import { requireTools } from '../../support/require-tools.ts';
import { failedIn, onMachine } from './machine/machine.ts';

const [reference] = clusters;

const playbooks = {
  'routes.yml': [
    {
      hosts: 'k8s-api-lb',
      gather_facts: false,
      vars: { keepalived_interface: 'eth0' },
      tasks: [
        { 'ansible.builtin.service_facts': null },
        { 'ansible.builtin.import_tasks': 'tasks/node_routes.yml' },
      ],
    },
  ],
};

/** A load balancer without NetworkManager, and its unit as systemd would run it after a reboot. */
const SCRIPT = `
ip link add eth0 type veth peer name cable
ip link set eth0 up && ip link set cable up && ip address add 192.168.0.50/24 dev eth0
routes() { echo $(ip -4 route show via 192.168.0.40 | cut -d' ' -f1); }
play routes routes.yml
routes
unit=/etc/systemd/system/cluster-routes.service
[ -e $unit ] || exit 0
systemd-analyze verify $unit 2>&1 || true
sed -n 's/^ExecStop=-//p' $unit | bash || true
routes
sed -n 's/^ExecStart=//p' $unit | bash || true
routes
`;

describe('a load balancer without NetworkManager', () => {
  it('has the routes to the networks behind the hypervisor at once, and from a unit after a reboot', async (context) => {
    requireTools(context, ['ansible-playbook', 'ip', 'systemd-analyze', 'unshare'], { root: true });
    const { stdout, answers } = await onMachine(SCRIPT, { tree: reference.tree, playbooks });
    expect(failedIn(answers('routes'))).toEqual([]);
    expect(stdout).toBe('10.17.3.0/24 10.17.4.0/24\n\n10.17.3.0/24 10.17.4.0/24\n');
  });
});

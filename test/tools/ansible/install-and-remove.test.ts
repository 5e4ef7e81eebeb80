import { describe, expect, it } from 'vitest';
import { clusters } from '../../support/clusters.ts';
import { requireTools } from '../../support/require-tools.ts';
import { complaintsIn, failedIn, onMachine } from './machine/machine.ts';

const [reference, { tree }] = clusters;

/** lb1, the only member within reach and without the virtual IP. Of no known family, so that no package is touched. */
const machine = {
  tree,
  facts: { lb1: { os_family: 'none', services: {}, selinux: { status: 'disabled' } } },
  variables: { keepalived_interface: 'eth0', missing_packages: [] },
};
const BACKUP = `
mkdir -p /etc/haproxy /etc/keepalived
printf '[vip_backups]\\nlb1\\n' >/run/backups
options="--limit lb1 -i inventory/hosts.ini -i /run/backups"
`;

/** k8s-api-lb, the only member of the reference cluster, with EL9. */
const guest = {
  tree: reference.tree,
  facts: { 'k8s-api-lb': { os_family: 'RedHat', distribution: 'Rocky', selinux: { status: 'disabled' } } },
  variables: { missing_packages: [] },
};
const card = (address: string) => `
ip link add eth0 type veth peer name cable && ip link set eth0 up && ip link set cable up
ip address add ${address}/24 dev eth0
`;

describe('install_haproxy_keepalived.yml', () => {
  it.for([
    {
      what: 'an interface that does not hold the address of the guest',
      address: '192.168.0.50',
      options: '-e node_interface=br0',
      message: "192.168.0.50 is on 'eth0', not on br0",
    },
    {
      what: 'a guest that has another address than its own',
      address: '192.168.0.51',
      options: '',
      message: "192.168.0.50 is on ''",
    },
  ])('refuses $what', async ({ address, options, message }, context) => {
    requireTools(context, ['ansible-playbook', 'ip', 'unshare'], { root: true });
    const script = `${card(address)} play install install_haproxy_keepalived.yml ${options}; cat $CALLS`;
    const { stdout, answers } = await onMachine(script, guest);
    expect(complaintsIn(answers('install'))).toEqual([message]);
    expect(stdout).toBe('');
  });

  it.for(['short', 'eight blanks', "eight'quotes"])(
    'refuses %j as the password of the statistics page, and does not show it',
    async (password, context) => {
      requireTools(context, ['ansible-playbook', 'ip', 'unshare'], { root: true });
      const script = `${card('192.168.0.50')} play install install_haproxy_keepalived.yml`;
      const variables = { ...guest.variables, haproxy_stats_password: password };
      const { answers } = await onMachine(script, { ...guest, variables });
      expect(failedIn(answers('install'))).toEqual(['Check the password of the statistics page']);
      expect(JSON.stringify(answers('install'))).not.toContain(JSON.stringify(password).slice(1, -1));
    },
  );

  it('lets HAProxy bind a virtual IP that is elsewhere, and reach the masters, before it touches a service', async (context) => {
    requireTools(context, ['ansible-playbook', 'ip', 'unshare'], { root: true });
    const script = `${card('192.168.0.50')}
play install install_haproxy_keepalived.yml
cat $CALLS /etc/sysctl.d/90-virtual-ips.conf; sysctl -n net.ipv4.ip_nonlocal_bind; ip -4 route show via 192.168.0.40`;
    const { stdout } = await onMachine(script, { ...guest, env: { FAILING: 'systemctl daemon-reload' } });
    expect(stdout.replace(/ +$/gm, '').trim().split('\n')).toEqual([
      'systemctl daemon-reload',
      'net.ipv4.ip_nonlocal_bind=1',
      '1',
      '10.17.3.0/24 dev eth0',
      '10.17.4.0/24 dev eth0',
    ]);
  });

  it('leaves a configuration in place that works, when HAProxy does not take the new one', async (context) => {
    requireTools(context, ['ansible-playbook', 'haproxy', 'unshare'], { root: true });
    const script = `${BACKUP}
echo '# works' >/etc/haproxy/haproxy.cfg
play install install_haproxy_keepalived.yml $options --start-at-task 'Configure HAProxy' -e haproxy_connect_timeout=soon
cat /etc/haproxy/haproxy.cfg`;
    const { stdout, answers } = await onMachine(script, machine);
    expect(failedIn(answers('install'))).toEqual(['Configure HAProxy']);
    expect(stdout).toBe('# works\n');
  });
});

describe('uninstall_haproxy_keepalived.yml', () => {
  it('stops the services and leaves nothing of what was installed', async (context) => {
    requireTools(context, ['ansible-playbook', 'ip', 'unshare'], { root: true });
    const script = `${BACKUP}
for folder in /usr/libexec /var/lib; do mount -t tmpfs tmpfs $folder; done
mkdir -p /usr/libexec/keepalived /var/lib/haproxy /etc/systemd/system/keepalived.service.d
files="/etc/haproxy/haproxy.cfg /etc/keepalived/keepalived.conf /usr/libexec/keepalived/check_haproxy \\
  /var/lib/haproxy/stats /etc/systemd/system/cluster-routes.service /etc/sysctl.d/90-virtual-ips.conf \\
  /etc/systemd/system/keepalived.service.d/cluster.conf"
touch $files
sysctl -q -w net.ipv4.ip_nonlocal_bind=1
play uninstall uninstall_haproxy_keepalived.yml $options
ls -d $files 2>/dev/null || true
sysctl -n net.ipv4.ip_nonlocal_bind
grep -oE 'stop .*' $CALLS`;
    const env = { SERVICES: 'haproxy.service keepalived.service cluster-routes.service' };
    const { stdout, answers } = await onMachine(script, { ...machine, env });
    expect(failedIn(answers('uninstall'))).toEqual([]);
    expect(stdout.trim().split('\n')).toEqual([
      '0',
      ...['stop keepalived.service', 'stop haproxy.service', 'stop cluster-routes.service'],
    ]);
  });
});

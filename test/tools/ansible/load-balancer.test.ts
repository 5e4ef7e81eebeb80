import { describe, expect, it } from 'vitest';
import { clusters } from '../../support/clusters.ts';
import { requireTools } from '../../support/require-tools.ts';
import { play, TOOLS } from './play.ts';

const { tree } = clusters[0];
const PLAYBOOK = 'install_haproxy_keepalived.yml';
const packages = ['haproxy', 'keepalived', 'python3-libsemanage'];
const guest = 'card eth0; ip address add 192.168.0.50/24 dev eth0';

describe.concurrent('install_haproxy_keepalived.yml', () => {
  it.for([
    {
      what: 'an interface that does not hold the address of the guest',
      setUp: guest,
      options: '-e node_interface=br0',
      message: "192.168.0.50 is on 'eth0', not on br0",
    },
    {
      what: 'a guest that has another address than its own',
      setUp: 'card eth0; ip address add 192.168.0.51/24 dev eth0',
      options: '',
      message: "192.168.0.50 is on ''",
    },
  ])('refuses $what', async ({ setUp, options, message }, context) => {
    requireTools(context, TOOLS, { root: true });
    const played = await play(tree, `${PLAYBOOK} ${options}`, { setUp, packages });
    expect(played.said).toContain(message);
    expect(played).toMatchObject({ exitCode: 2, calls: [] });
  });

  it('lets HAProxy bind a virtual IP that is elsewhere, and reach the masters, before it touches a service', async (context) => {
    requireTools(context, TOOLS, { root: true });
    const played = await play(tree, PLAYBOOK, {
      setUp: guest,
      packages,
      failing: 'systemctl daemon-reload',
      lookAt:
        'cat /etc/sysctl.d/90-virtual-ips.conf; sysctl net.ipv4.ip_nonlocal_bind; ip -4 route show via 192.168.0.40',
    });
    expect(played.calls).toEqual(['systemctl daemon-reload']);
    expect(played.seen.replace(/ +$/gm, '')).toBe(`net.ipv4.ip_nonlocal_bind=1
net.ipv4.ip_nonlocal_bind = 1
10.17.3.0/24 dev eth0
10.17.4.0/24 dev eth0
`);
  });
});

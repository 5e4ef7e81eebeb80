/**
 * What `ansible-inventory --list` has to say, written by hand from the models, not computed by gen-infra.
 * Texts with braces are as Ansible reports them: not yet templated.
 */
export interface ExpectedInventory {
  readonly groups: Readonly<Record<string, readonly string[]>>;
  readonly hostvars: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

export const loadBalancing = {
  member_vips:
    "{{ vips | subelements('members') | selectattr('1.name', 'eq', inventory_hostname) | map(attribute=0) }}",
  keepalived_vrrp_version: 3,
  keepalived_advert_interval: 0.2,
  keepalived_check_interval: 1,
  keepalived_check_fall: 2,
  keepalived_check_rise: 3,
  keepalived_transport: 'unicast',
  keepalived_preempt: false,
  haproxy_connect_timeout: '1s',
  haproxy_idle_timeout: '1m',
  haproxy_tunnel_timeout: '4h',
  haproxy_check_interval: '1s',
  haproxy_check_timeout: '2s',
  haproxy_check_fall: 3,
  haproxy_check_rise: 2,
  haproxy_max_connections: 4000,
  haproxy_monitor_port: 8405,
};

export const apiFrontend = {
  name: 'api',
  port: 6443,
  backend_group: 'masters',
  backend_port: 6443,
  check: 'readyz',
};
export const k3sReady = { kubernetes_ready_status: [200, 401] };
export const toHosts = (from: string, to: string, probe: object) => ({ from, to, ...probe });
export const tcp = (port: number) => ({ probe: 'tcp', port });
export const ping = { probe: 'ping' };
export const toApi = (from: string) => ({
  from,
  to: 'api',
  address: '{{ api_vip }}',
  probe: 'readyz',
  port: 6443,
});

export function sysctls(...bridges: readonly string[]) {
  return [
    { name: 'net.ipv4.ip_forward', value: '1' },
    ...['all', 'default', ...bridges].map((name) => ({
      name: `net.ipv4.conf.${name}.send_redirects`,
      value: '0',
    })),
  ];
}

export function firewall(name: string) {
  return {
    firewall_table: `gi_${name.replaceAll('-', '_')}`,
    firewall_path: `/etc/nftables/${name}.conf`,
    firewall_source: `{{ inventory_dir }}/../../nftables/${name}.conf`,
  };
}

import { servesDhcp } from '../../resolve/reservations.ts';
import { defineConstant, defineRenderer, type Renderer } from '../renderer.ts';

const FOLDER = 'ansible/playbooks';

/** Playbooks and their tasks and templates hold no fact of a cluster: all values come from the inventory. */
const CONSTANTS = [
  'setup_host_network.yml',
  'install_haproxy_keepalived.yml',
  'verify_connectivity.yml',
  'uninstall_haproxy_keepalived.yml',
  'tasks/assert_one_vip_holder.yml',
  'tasks/group_by_vip_holder.yml',
  'tasks/host_bridges.yml',
  'tasks/host_bridges_activate.yml',
  'tasks/host_firewall.yml',
  'tasks/host_firewall_load.yml',
  'tasks/host_packages.yml',
  'tasks/host_preflight.yml',
  'tasks/node_routes.yml',
  'templates/haproxy/haproxy.cfg.j2',
  'templates/keepalived/check_haproxy.j2',
  'templates/keepalived/keepalived.conf.j2',
  'templates/keepalived/keepalived.service.conf.j2',
  'templates/network-manager/ethernet.j2',
  'templates/network-manager/ip.j2',
  'templates/network-manager/linux-bridge.nmconnection.j2',
  'templates/network-manager/linux-port.nmconnection.j2',
  'templates/network-manager/ovs-bridge.nmconnection.j2',
  'templates/network-manager/ovs-interface.nmconnection.j2',
  'templates/network-manager/ovs-port.nmconnection.j2',
  'templates/network-manager/ovs-uplink-port.nmconnection.j2',
  'templates/network-manager/ovs-uplink.nmconnection.j2',
  'templates/routes/cluster-routes.service.j2',
  'templates/verify/summary.j2',
  'templates/verify/targets.j2',
];

const updateReservations = defineRenderer({
  id: 'update_dhcp_reservations.yml',
  template: `${FOLDER}/update_dhcp_reservations.yml.njk`,
  *jobs(cluster) {
    if (servesDhcp(cluster)) yield { view: {} };
  },
});

const reservationChanges = defineRenderer({
  ...updateReservations,
  id: 'reservation-changes',
  template: `${FOLDER}/templates/libvirt/reservation-changes.j2.njk`,
});

const site = defineRenderer({
  id: 'site.yml',
  template: `${FOLDER}/site.yml.njk`,
  *jobs(cluster) {
    yield { view: { servesDhcp: servesDhcp(cluster) } };
  },
});

export const playbooks: readonly Renderer[] = [
  ...CONSTANTS.map((path) => defineConstant(path, `${FOLDER}/${path}.njk`)),
  updateReservations,
  reservationChanges,
  site,
];

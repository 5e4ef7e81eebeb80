import { isPrimaryCard } from '../../resolve/cards.ts';
import { groupOf } from '../../resolve/check-groups.ts';
import { MONITOR_PORT } from '../../resolve/check-ports.ts';
import type { Cluster, Frontend, Member, Place, Verification, Vip } from '../../resolve/cluster.ts';
import { frontendName } from '../../resolve/frontend-name.ts';
import type { HaproxySection } from '../../resolve/load-balancing.ts';
import { nameOf } from '../../resolve/name-of.ts';
import { isProxy } from '../../resolve/resolve-sections.ts';
import { subnetAround } from '../../resolve/subnets.ts';
import { vipVariable } from '../../resolve/vip-members.ts';
import { defineRenderer } from '../renderer.ts';

/**
 * The status of /readyz without a client certificate: kubeadm lets anonymous users read it, K3s and RKE2 do not
 * (https://github.com/k3s-io/k3s/issues/3576).
 */
const READY_STATUS: Readonly<Record<Cluster['kubernetes']['distribution'], readonly number[]>> = {
  kubeadm: [200],
  k3s: [200, 401],
  rke2: [200, 401],
};

export const kubernetesVars = defineRenderer({
  id: 'kubernetes-vars',
  template: 'ansible/inventory/group_vars/all/kubernetes.yml.njk',
  *jobs({ kubernetes }) {
    yield { view: { readyStatus: READY_STATUS[kubernetes.distribution] } };
  },
});

export const vipMemberVars = defineRenderer({
  id: 'vip-member-vars',
  template: 'ansible/inventory/group_vars/vip_members/vars.yml.njk',
  *jobs({ vips, keepalived, haproxy }) {
    yield {
      view: {
        vips: vips.map(vipView),
        keepalived: { ...keepalived, authPass: keepalived.authPass ?? '' },
        haproxy: {
          ...haproxy,
          stats: haproxy.stats === undefined ? [] : [haproxy.stats],
          sections: haproxy.sections.map(sectionView),
        },
        monitorPort: MONITOR_PORT,
      },
    };
  },
});

function sectionView({ kind, name, lines }: HaproxySection) {
  return { header: `${kind} ${name}${isProxy(kind) ? ' from tcp' : ''}`, lines };
}

function vipView(vip: Vip) {
  return {
    name: vip.name,
    variable: vipVariable(vip),
    prefix: subnetAround(vip.network, vip.ip).cidr.prefix,
    vrid: vip.vrid,
    members: vip.members.map(memberView),
    frontends: vip.frontends.map((frontend) => frontendView(vip, frontend)),
  };
}

/** Only a card that is not the primary one is said: the other is where Ansible reaches the node. */
function memberView({ node, nic, priority }: Member) {
  const isPrimary = isPrimaryCard(node, nic);
  return {
    name: node.name,
    priority,
    address: isPrimary ? '' : nic.ip.toString(),
    interface: isPrimary ? '' : (nic.interface ?? ''),
  };
}

function frontendView(vip: Vip, frontend: Frontend) {
  const { port, backends, backendPort, check } = frontend;
  return {
    name: frontendName(vip, frontend),
    port,
    group: backends.group,
    backendPort,
    check,
  };
}

export const verifyVars = defineRenderer({
  id: 'verify-vars',
  template: 'ansible/inventory/group_vars/all/verify.yml.njk',
  *jobs({ verifications }) {
    yield { view: { targets: verifications.map(targetView) } };
  },
});

/** No address stands here that stands in the inventory already. */
function targetView({ from, except, to, probe }: Verification) {
  return {
    from: hostPattern(from),
    except: except.map(({ name }) => name),
    to: hostPattern(to),
    variable: to.kind === 'vip' ? vipVariable(to.vip) : '',
    address: to.kind === 'address' ? nameOf(to) : '',
    probe: probe.kind,
    port: 'port' in probe ? probe.port : 0,
  };
}

/** A VIP is its variable, a host its ansible_host. */
function addressView(place: Place) {
  const isHost = place.kind === 'node' || place.kind === 'hypervisor';
  return {
    variable: place.kind === 'vip' ? vipVariable(place.vip) : '',
    host: isHost ? nameOf(place) : '',
    address: nameOf(place),
  };
}

/** Of an SQL database: etcd has no password, and its endpoints are no secret. */
export const datastoreVars = defineRenderer({
  id: 'datastore-vars',
  template: 'ansible/inventory/group_vars/masters/datastore.yml.njk',
  *jobs({ kubernetes: { datastore } }) {
    const [place] = datastore?.at ?? [];
    if (datastore?.login === undefined || place === undefined) return;
    const { engine, port, login } = datastore;
    yield { view: { engine, port, ...login, ...addressView(place) } };
  },
});

/** The group or host that Ansible knows a place as. */
function hostPattern(place: Place): string {
  if (place.kind === 'role') return place.role.group;
  return place.kind === 'network' ? groupOf(place.network.name) : nameOf(place);
}

export const hostVariables = defineRenderer({
  id: 'host-variables',
  template: 'ansible/inventory/host_vars/[host]/variables.yml.njk',
  *jobs({ variables }) {
    for (const { host, values } of variables)
      if (host !== undefined) yield { params: { host }, view: { values } };
  },
});

export const groupVariables = defineRenderer({
  id: 'group-variables',
  template: 'ansible/inventory/group_vars/[group]/variables.yml.njk',
  *jobs({ variables }) {
    for (const { group, values } of variables)
      if (group !== undefined) yield { params: { group }, view: { values } };
  },
});

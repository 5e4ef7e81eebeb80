import type { Model, Datastore as SaidDatastore, Kubernetes as SaidKubernetes } from '../validate/model.ts';
import { longBackends, longFrontends } from './backends.ts';
import type { Cluster, Datastore, FirewallRule, Hypervisor, Network, Nic, Node, Vip } from './cluster.ts';
import type { Haproxy } from './load-balancing.ts';
import { nameOf } from './name-of.ts';
import { rangesOf } from './subnets.ts';

/** A value with a note on where it comes from. */
export class Noted {
  readonly value: unknown;
  readonly note: string;

  constructor(value: unknown, note = 'default') {
    this.value = value;
    this.note = note;
  }
}

/** A model as plain data in its long form, with a note on what was not said. Undefined stands for nothing. */
export type NotedModel = Readonly<Record<string, unknown>>;

/** The whole cluster in the shape of a model: built again it gives the same cluster. */
export function toModel(cluster: Cluster, said: Model): NotedModel {
  const kubernetes: SaidKubernetes =
    typeof said.kubernetes === 'string' ? { distribution: said.kubernetes } : said.kubernetes;
  const { distribution, cni, podCidr, serviceCidr, datastore } = cluster.kubernetes;
  return {
    schemaVersion: 1,
    name: cluster.name,
    domain: cluster.domain,
    kubernetes: {
      distribution,
      cni: mark(kubernetes.cni, cni),
      podCidr: mark(kubernetes.podCidr, podCidr),
      serviceCidr: mark(kubernetes.serviceCidr, serviceCidr),
      datastore: datastore === undefined ? undefined : datastoreModel(datastore, kubernetes.datastore),
    },
    controller: mark(said.controller, nameOf(cluster.controller)),
    hypervisors: mapOf(cluster.hypervisors, (hypervisor) => hypervisorModel(hypervisor, said)),
    segments: said.segments,
    networks: mapOf(cluster.networks, (network) => networkModel(network, said)),
    nodes: mapOf(cluster.nodes, (node) => nodeModel(node, said)),
    vips: mapOf(cluster.vips, (vip) => vipModel(vip, said)),
    loadBalancing: {
      keepalived: markAll(said.loadBalancing?.keepalived, cluster.keepalived),
      haproxy: haproxyModel(cluster.haproxy, said),
    },
    firewall: {
      path: mark(said.firewall?.path, cluster.firewallPath),
      flows: said.firewall?.flows ?? new Noted([]),
      rules: said.firewall?.rules === undefined ? new Noted([]) : cluster.firewallRules.map(ruleModel(said)),
    },
    variables: said.variables ?? new Noted({}),
    verify: said.verify ?? new Noted([]),
    retired: said.retired ?? new Noted([]),
    waivers: said.waivers ?? new Noted([]),
  };
}

function datastoreModel({ engine, port, login }: Datastore, said: SaidDatastore | undefined) {
  const { at } = said ?? {};
  return { engine, at, port: mark(said?.port, port), ...(login === undefined ? {} : markAll(said, login)) };
}

function ruleModel({ firewall }: Model) {
  return ({ chain, before, rule }: FirewallRule, index: number) => {
    const said = firewall?.rules?.[index];
    return { chain, before: mark(said?.before, before), rule, comment: said?.comment };
  };
}

function hypervisorModel(
  { name, os, ip, user, dns, openvswitch, bridges, terraform }: Hypervisor,
  model: Model,
) {
  const said = model.hypervisors[name];
  return {
    os: mark(said?.os, os),
    ip: mark(said?.ip, ip),
    user,
    dns: mark(said?.dns, dns.length > 0 ? dns.map(String) : undefined),
    openvswitch: mark(said?.openvswitch, openvswitch),
    bridges: mapOf(bridges, (bridge) => ({
      kind: mark(said?.bridges[bridge.name]?.kind, bridge.kind),
      uplink: bridge.uplink,
      ip: bridge.ip?.toString(),
    })),
    terraform: markAll(said?.terraform, terraform),
  };
}

function networkModel(
  {
    name,
    subnets,
    mode,
    bridges,
    vlan,
    router,
    dhcp,
    foreignDhcp,
    reservedOutside,
    dns,
    mac,
    domain,
    natPorts,
    uuid,
  }: Network,
  model: Model,
) {
  const said = model.networks[name];
  const [place, ...others] = bridges;
  const saidRouter = typeof said?.router === 'string' ? { ip: said.router } : said?.router;
  return {
    cidr: listOrOne(rangesOf({ subnets }).map(String)),
    mode,
    bridge: said?.bridge,
    on: said?.on ?? (others.length > 0 ? undefined : mark(undefined, place?.hypervisor.name)),
    vlan,
    router: {
      ip: mark(saidRouter?.ip, router.ip),
      owner: mark(saidRouter?.owner, router.hypervisor?.name ?? 'outside'),
      returnRoute: mark(saidRouter?.returnRoute, router.returnRoute),
      onLink: mark(saidRouter?.onLink, router.onLink),
    },
    dhcp: dhcp?.toString(),
    foreignDhcp:
      reservedOutside.length === 0
        ? foreignDhcp?.toString()
        : { range: foreignDhcp?.toString(), reserved: reservedOutside },
    dns: mark(said?.dns, dns.length > 0 ? dns.map(String) : undefined),
    mac: mark(said?.mac, mac),
    domain: mark(said?.domain, domain),
    nat: natPorts === undefined ? undefined : { ports: mark(said?.nat?.ports, natPorts) },
    uuid,
    terraform: others.length > 0 ? said?.terraform : markAll(said?.terraform, place?.terraform ?? {}),
  };
}

function nodeModel(node: Node, model: Model) {
  const { name, roles, hypervisor, os, user, aliases, provides } = node;
  const said = model.nodes[name];
  return {
    role: listOrOne(roles),
    on: mark(said?.on, hypervisor.name),
    ...(said?.nics === undefined
      ? { ...nicModel(node), interface: node.interface }
      : { nics: nicsModel(node), primary: mark(said.primary, node.interface) }),
    os: mark(said?.os, os),
    user: mark(said?.user, user),
    aliases: mark(said?.aliases, aliases),
    provides: mark(said?.provides, provides),
  };
}

function nicsModel({ nics }: Node) {
  return Object.fromEntries(nics.map((nic) => [nic.interface ?? '', nicModel(nic)]));
}

function nicModel({ network, ip, mac }: Nic) {
  return { network: network.name, ip: ip.toString(), mac: mac?.toString() };
}

function vipModel({ name, ip, vrid, members, frontends }: Vip, model: Model) {
  const said = model.vips[name];
  const saidFrontends = said === undefined ? {} : longFrontends(name, said);
  const saidPort = (frontend: string) => longBackends(saidFrontends[frontend]?.backends ?? '').port;
  return {
    ip: ip.toString(),
    vrid: mark(said?.vrid, vrid),
    members: Object.fromEntries(
      members.map(({ node, priority }) => [
        node.name,
        Array.isArray(said?.members) ? new Noted(priority) : priority,
      ]),
    ),
    frontends: mapOf(frontends, ({ name: frontend, port, backends, backendPort }) => ({
      port,
      backends: { role: backends.name, port: mark(saidPort(frontend), backendPort) },
    })),
  };
}

function haproxyModel({ stats, sections: _, ...rest }: Haproxy, { loadBalancing }: Model) {
  const said = loadBalancing?.haproxy;
  return {
    ...markAll(said, rest),
    stats: stats === undefined ? undefined : markAll(said?.stats, stats),
    sections: said?.sections ?? new Noted({}),
  };
}

/** A list of one in its short form. */
function listOrOne(items: readonly string[]): string | readonly string[] {
  const [only, ...others] = items;
  return only === undefined || others.length > 0 ? items : only;
}

/** The value, marked where the model does not say it; nothing where there is none. */
function mark(said: unknown, value: unknown): unknown {
  const plain = value !== null && typeof value === 'object' && !Array.isArray(value) ? String(value) : value;
  return said === undefined && plain !== undefined ? new Noted(plain) : plain;
}

function markAll(said: object | undefined, values: object): NotedModel {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [
      key,
      mark(said === undefined ? undefined : Reflect.get(said, key), value),
    ]),
  );
}

function mapOf<T extends { readonly name: string }>(
  items: readonly T[],
  toValue: (item: T) => NotedModel,
): NotedModel {
  return Object.fromEntries(items.map((item) => [item.name, toValue(item)]));
}

import type { Cluster, Network } from '../../../../src/resolve/cluster.ts';
import type { Machine } from './machine.ts';
import { segmentAt, UNNAMED_CARD, type World } from './world.ts';

/** What no working network has, whatever is sent in it. */
export function brokenInvariants(world: World): string[] {
  const { cluster } = world;
  return [
    ...twice('address', world.machines.flatMap(addressesOf)),
    ...twice('MAC address', macs(cluster)),
    ...twice(
      'VRID',
      cluster.vips.map(({ name, vrid, network }) => ({
        owner: name,
        what: `${vrid} in ${segment(cluster, network)}`,
      })),
    ),
    ...twice('interface', interfaces(cluster)),
    ...unassignable(cluster),
    ...leasedAddresses(cluster),
    ...overlaps(world),
  ];
}

interface Owned {
  readonly owner: string;
  readonly what: string;
}

function twice(kind: string, all: readonly Owned[]): string[] {
  const first = new Map<string, string>();
  return all.flatMap(({ owner, what }) => {
    const other = first.get(what) ?? owner;
    first.set(what, other);
    return other === owner ? [] : [`${kind} ${what}: ${other} and ${owner}`];
  });
}

function addressesOf({ name, ports }: Machine): Owned[] {
  return ports.flatMap(({ segment: where, addresses }) =>
    addresses.map(({ ip }) => ({ owner: name, what: `${ip} in ${where}` })),
  );
}

function segment(cluster: Cluster, { bridges: [bridge], vlan }: Network): string {
  return segmentAt(cluster, bridge?.hypervisor.name ?? '', bridge?.name ?? '', vlan);
}

function macs(cluster: Cluster): Owned[] {
  const cards = cluster.nodes.flatMap(({ nics }) =>
    nics.map(({ origin, mac, network }) => ({ owner: origin.join('.'), mac, network })),
  );
  const bridges = cluster.networks.map((network) => ({ owner: network.name, mac: network.mac, network }));
  return [...cards, ...bridges].flatMap(({ owner, mac, network }) =>
    mac === undefined ? [] : [{ owner, what: `${mac} in ${segment(cluster, network)}` }],
  );
}

/** A host has one interface of each name: its bridges, their cards, and the bridges that libvirt makes. */
function interfaces({ hypervisors, networks }: Cluster): Owned[] {
  const own = hypervisors.flatMap(({ name: host, bridges }) =>
    bridges.flatMap(({ name, uplink }) => [
      { owner: `bridge ${name}`, what: `${name} on ${host}` },
      ...(uplink === undefined ? [] : [{ owner: `card of ${name}`, what: `${uplink} on ${host}` }]),
    ]),
  );
  const made = networks.flatMap(({ name: owner, mode, bridges: [bridge] }) =>
    mode === 'bridge' ? [] : [{ owner, what: `${bridge?.name} on ${bridge?.hypervisor.name}` }],
  );
  return [...own, ...made];
}

function unassignable({ nodes, vips }: Cluster): string[] {
  return [...nodes.flatMap(({ nics }) => nics), ...vips].flatMap(({ ip, network }) => {
    const cidr = network.subnets.map((subnet) => subnet.cidr).find((range) => range.contains(ip));
    const isReserved =
      cidr !== undefined && cidr.prefix < 31 && (ip.equals(cidr.network) || ip.equals(cidr.last));
    return cidr === undefined || isReserved ? [`nobody can have ${ip} in ${network.name}`] : [];
  });
}

/** Addresses that a DHCP server gives somebody else, too. */
function leasedAddresses({ nodes, vips }: Cluster): string[] {
  const holders = [
    ...nodes.flatMap(({ name, nics }) =>
      nics.map(({ ip, network, addressing }) => ({
        name,
        ip,
        network,
        isReserved: addressing === 'reserved',
      })),
    ),
    ...vips.map(({ name, ip, network }) => ({ name, ip, network, isReserved: false })),
  ];
  return holders.flatMap(({ name, ip, network: { dhcp, foreignDhcp, reservedOutside }, isReserved }) => [
    ...(!isReserved && dhcp?.contains(ip) ? [`libvirt leases ${ip} of ${name}`] : []),
    ...(!reservedOutside.includes(name) && foreignDhcp?.contains(ip)
      ? [`somebody leases ${ip} of ${name}`]
      : []),
  ]);
}

/** A host or a guest with two ways to one address that are not the same. */
function overlaps({ machines, cluster: { kubernetes, networks } }: World): string[] {
  const inside = [kubernetes.podCidr, kubernetes.serviceCidr];
  const hidden = networks
    .filter(({ cidr }) => inside.some((range) => range.overlaps(cidr)))
    .map(({ name }) => `${name} is hidden by pods or services`);
  const crossed = machines
    .filter(({ kind }) => kind === 'host')
    .flatMap(({ name, ports }) => {
      const ranges = ports
        .filter((port) => port.name !== UNNAMED_CARD)
        .flatMap((port) => port.addresses.map(({ cidr }) => ({ port, cidr })));
      return ranges.some((one) =>
        ranges.some((other) => one.port !== other.port && one.cidr.overlaps(other.cidr)),
      )
        ? [`${name} has two interfaces in one range`]
        : [];
    });
  return [...hidden, ...crossed];
}

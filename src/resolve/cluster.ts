import type { Path } from '../diagnostics/diagnostic.ts';
import type { AddressRange } from '../net/address-range.ts';
import type { Cidr } from '../net/cidr.ts';
import type { Ipv4 } from '../net/ipv4.ts';
import type { Mac } from '../net/mac.ts';
import type { PortRange } from '../net/port-range.ts';
import type { Haproxy, Keepalived } from './load-balancing.ts';
import type { OsName } from './operating-system.ts';

/** A whole cluster: every default filled in, every name replaced by what it names. Lists are in the order of names. */
export interface Cluster {
  readonly name: string;
  readonly domain: string;
  readonly kubernetes: Kubernetes;
  readonly controller: Place;
  readonly hypervisors: readonly Hypervisor[];
  readonly segments: readonly Segment[];
  readonly networks: readonly Network[];
  readonly roles: readonly Role[];
  readonly nodes: readonly Node[];
  readonly vips: readonly Vip[];
  readonly keepalived: Keepalived;
  readonly haproxy: Haproxy;
  /** Where the ruleset lies on the hypervisor. */
  readonly firewallPath: string;
  /** What may pass the firewall: what the cluster needs, then what the model adds. */
  readonly flows: readonly Flow[];
  /** What people add to the ruleset word for word. */
  readonly firewallRules: readonly FirewallRule[];
  readonly verifications: readonly Verification[];
  /** What playbooks of people's own find in the inventory. */
  readonly variables: readonly VariableSet[];
  /** What is no longer in use and should stand nowhere. */
  readonly retired: readonly Retired[];
  /** What is known to break a rule, and may. */
  readonly waivers: readonly Waiver[];
}

/** Something that stands in the model. */
export interface Entity {
  readonly name: string;
  readonly origin: Path;
}

export interface Kubernetes {
  readonly distribution: 'k3s' | 'rke2' | 'kubeadm';
  readonly cni: 'flannel' | 'canal' | 'calico' | 'cilium';
  readonly podCidr: Cidr;
  readonly serviceCidr: Cidr;
  /** Where its state is, if not in an etcd on the masters. */
  readonly datastore: Datastore | undefined;
}

export interface Datastore {
  readonly engine: 'postgres' | 'mysql' | 'etcd';
  readonly at: readonly Place[];
  readonly port: number;
  /** Not of etcd, which asks for certificates. */
  readonly login: DatabaseLogin | undefined;
}

export interface DatabaseLogin {
  readonly user: string;
  /** The name of the vault variable with the password. */
  readonly password: string;
  readonly database: string;
}

export interface Hypervisor extends Entity {
  readonly os: OsName;
  /** Where Ansible reaches it. */
  readonly ip: Ipv4;
  readonly user: string | undefined;
  readonly dns: readonly Ipv4[];
  /** The package of Open vSwitch. */
  readonly openvswitch: string;
  readonly bridges: readonly Bridge[];
  readonly terraform: { readonly provider: '0.8.3' | '0.9.7'; readonly uri: string };
}

/** A bridge of the host's own, as against those that libvirt makes for networks in open mode. */
export interface Bridge extends Entity {
  readonly kind: 'linux' | 'openvswitch';
  readonly uplink: string | undefined;
  /** The hypervisor's own address there. */
  readonly ip: Ipv4 | undefined;
}

/** Bridges of the hosts that are one broadcast domain: what is sent on one arrives on all. */
export interface Segment extends Entity {
  readonly bridges: readonly BridgeRef[];
}

/** The names of a hypervisor and of one of its bridges. */
export interface BridgeRef {
  readonly hypervisor: string;
  readonly bridge: string;
}

/** A range of addresses, and the guests' default gateway there. */
export interface Subnet {
  readonly cidr: Cidr;
  readonly router: Ipv4;
}

export interface Network extends Entity {
  /** The first of its ranges: in bridge mode the only one, else that of libvirt's DHCP. */
  readonly cidr: Cidr;
  /** All of its ranges. */
  readonly subnets: readonly Subnet[];
  readonly mode: 'bridge' | 'open' | 'route' | 'nat' | 'isolated';
  /** The bridge that carries it on each of its hypervisors: one, or in bridge mode all that are one segment. */
  readonly bridges: readonly NetworkBridge[];
  /** The tag of its ports on Open vSwitch bridges. */
  readonly vlan: number | undefined;
  readonly router: Router;
  readonly dhcp: AddressRange | undefined;
  readonly foreignDhcp: AddressRange | undefined;
  /** The names of those whose addresses in it that server leases to nobody else. */
  readonly reservedOutside: readonly string[];
  readonly dns: readonly Ipv4[];
  /** The pinned MAC address of the bridge that libvirt makes; none in bridge mode. */
  readonly mac: Mac | undefined;
  readonly domain: string;
  /** The source ports that libvirt masquerades with; none but in nat mode. */
  readonly natPorts: PortRange | undefined;
  /** The pinned UUID of libvirt's network. */
  readonly uuid: string | undefined;
}

/** A network on one hypervisor: a network of libvirt's there. */
export interface NetworkBridge {
  readonly hypervisor: Hypervisor;
  /** The name of the bridge's interface. */
  readonly name: string;
  /** The folder and the resource's label in Terraform. */
  readonly terraform: { readonly dir: string; readonly resource: string };
}

export interface Router {
  /** In the network's first range. */
  readonly ip: Ipv4;
  /** The hypervisor that has the address, and those in the other ranges; undefined for a router outside. */
  readonly hypervisor: Hypervisor | undefined;
  /** Whether an outside router has a route to the cluster's networks. */
  readonly returnRoute: boolean;
  /** Whether guests reach it directly though it is not in the range. */
  readonly onLink: boolean;
}

export interface Role extends Entity {
  /** The Ansible group of its nodes. */
  readonly group: string;
  readonly nodes: readonly Node[];
}

/** A network card of a node. */
export interface Nic {
  readonly origin: Path;
  readonly network: Network;
  readonly ip: Ipv4;
  readonly mac: Mac | undefined;
  /** Whether libvirt's DHCP hands out the address, or the guest has it by itself. */
  readonly addressing: 'reserved' | 'static';
  /** Its name in the guest, where the model says it. */
  readonly interface: string | undefined;
}

/** A virtual machine. As a network card it is its primary one: the node's own address, with its default route. */
export interface Node extends Entity, Nic {
  readonly roles: readonly string[];
  readonly hypervisor: Hypervisor;
  /** All of its cards, the primary one first. */
  readonly nics: readonly Nic[];
  readonly os: OsName;
  readonly user: string | undefined;
  readonly aliases: readonly string[];
  readonly provides: readonly ('dns' | 'ntp')[];
}

export interface Vip extends Entity {
  readonly ip: Ipv4;
  readonly network: Network;
  readonly vrid: number;
  /** In the order of priority. */
  readonly members: readonly Member[];
  readonly frontends: readonly Frontend[];
}

export interface Member {
  readonly origin: Path;
  readonly node: Node;
  /** The card that the address is held on. */
  readonly nic: Nic;
  /** The VRRP priority, higher first. */
  readonly priority: number;
}

export interface Frontend extends Entity {
  readonly port: number;
  readonly backends: Role;
  readonly backendPort: number;
  /** How a backend's health is seen: TLS on the API server's /readyz, or that the port accepts a connection. */
  readonly check: 'readyz' | 'tcp';
}

/** What a flow or a verification can name. */
export type Place =
  | { readonly kind: 'node'; readonly node: Node }
  | { readonly kind: 'role'; readonly role: Role }
  | { readonly kind: 'network'; readonly network: Network }
  | { readonly kind: 'vip'; readonly vip: Vip }
  | { readonly kind: 'hypervisor'; readonly hypervisor: Hypervisor }
  /** With where it is said, if it is. */
  | { readonly kind: 'address'; readonly cidr: Cidr; readonly origin: Path | undefined }
  /** Everything outside the model's networks. */
  | { readonly kind: 'internet' };

/** Connections that the firewall lets pass, and their answers. */
export interface Flow {
  readonly from: readonly Place[];
  readonly to: readonly Place[];
  /** None: all of every protocol. */
  readonly ports: readonly PortRange[];
  readonly reason: string;
  /** Undefined where the flow is derived. */
  readonly origin: Path | undefined;
  /** Of a derived flow that the cluster cannot do without: where the model says what needs it. */
  readonly neededAt?: Path;
}

/** A rule of nft at a place of the ruleset. */
export interface FirewallRule {
  readonly chain: 'forward' | 'input';
  readonly before: 'flows' | 'refusal';
  readonly rule: string;
  readonly comment: string;
  readonly origin: Path;
}

/** Variables of one group of the inventory, or of one host. */
export interface VariableSet {
  readonly group?: string;
  readonly host?: string;
  /** By name, in the order of names. */
  readonly values: ReadonlyMap<string, Variable>;
  readonly origin: Path;
}

/** An address, network, name or domain that is no longer in use. */
export interface Retired {
  readonly text: string;
  readonly reason: string | undefined;
  readonly origin: Path;
}

/** A rule that need not hold at a place and below. */
export interface Waiver {
  readonly rule: string;
  /** A path as people write it, such as vips.api. */
  readonly at: string;
  readonly reason: string;
  readonly origin: Path;
}

/** A value of the model's as it is. */
export type Variable =
  string | number | boolean | null | readonly Variable[] | { readonly [key: string]: Variable };

/** A ping, a TCP connection, or TLS to an API server that says it is ready. */
export type Probe = { readonly kind: 'ping' } | { readonly kind: 'tcp' | 'readyz'; readonly port: number };

/** One connection that has to work, tried from every node of `from`. */
export interface Verification {
  readonly from: Place;
  /** Nodes of `from` that do not try it: the mode of their network keeps them from there. */
  readonly except: readonly Node[];
  readonly to: Place;
  readonly probe: Probe;
  readonly origin: Path | undefined;
}

// Made from schema/cluster.schema.json by `npm run generate`. Do not edit.

export type Label = string;
export type Domain = string;
export type Distribution = 'k3s' | 'rke2' | 'kubeadm';
export type Cidr = string;
export type Places = Place | Place[];
export type Place = string;
export type Port = number;
export type User = string;
export type VaultVariable = string;
export type Name = string;
export type Ip = string;
export type Interface = string;
export type BridgeOfHost = string;
/**
 * @minItems 1
 */
export type Segment = BridgeOfHost[];
export type AddressRange = string;
export type Mac = string;
export type PortSpan = string;
export type Folder = string;
export type Alias = string;
export type Backends =
  | Name
  | {
      role: Name;
      port?: Port;
    };
export type Duration = string;
export type HaproxyLine = string;
export type Ports = number | string;
export type Comment = string;
export type Variable =
  | string
  | number
  | boolean
  | null
  | Variable[]
  | {
      [k: string]: Variable;
    };
export type RetiredText = string;

export interface Model {
  schemaVersion: 1;
  name: Label;
  domain: Domain;
  kubernetes: Distribution | Kubernetes;
  controller?: Place;
  hypervisors: {
    [k: string]: Hypervisor;
  };
  segments?: {
    [k: string]: Segment;
  };
  networks: {
    [k: string]: Network;
  };
  nodes: {
    [k: string]: Node;
  };
  vips: {
    [k: string]: Vip;
  };
  loadBalancing?: {
    keepalived?: Keepalived;
    haproxy?: Haproxy;
  };
  firewall?: {
    path?: string;
    flows?: Flow[];
    rules?: FirewallRule[];
  };
  variables?: {
    [k: string]: {
      [k: string]: Variable;
    };
  };
  verify?: Verification[];
  retired?: (RetiredText | Retired)[];
  waivers?: Waiver[];
}
export interface Kubernetes {
  distribution: Distribution;
  podCidr?: Cidr;
  serviceCidr?: Cidr;
  cni?: 'flannel' | 'canal' | 'calico' | 'cilium';
  datastore?: Datastore;
}
export interface Datastore {
  engine: 'postgres' | 'mysql' | 'etcd';
  at: Places;
  port?: Port;
  user?: User;
  password?: VaultVariable;
  database?: Name;
}
export interface Hypervisor {
  os?: 'rocky9' | 'almalinux9' | 'rhel9' | 'debian12';
  ip?: Ip;
  user?: User;
  /**
   * @minItems 1
   */
  dns?: Ip[];
  openvswitch?: string;
  bridges: {
    [k: string]: Bridge;
  };
  terraform?: {
    provider?: '0.8.3' | '0.9.7';
    uri?: string;
  };
}
export interface Bridge {
  kind?: 'linux' | 'openvswitch';
  uplink?: Interface;
  ip?: Ip;
}
export interface Network {
  cidr: Cidr | Cidr[];
  mode: 'bridge' | 'open' | 'route' | 'nat' | 'isolated';
  bridge: Interface;
  on?: Label;
  vlan?: number;
  router?: Ip | Router;
  dhcp?: AddressRange;
  foreignDhcp?: AddressRange | ForeignDhcp;
  /**
   * @minItems 1
   */
  dns?: Ip[];
  mac?: Mac;
  domain?: Domain;
  nat?: {
    ports?: PortSpan;
  };
  uuid?: string;
  terraform?: {
    dir?: Folder;
    resource?: Name;
  };
}
export interface Router {
  ip?: Ip;
  owner?: Label;
  returnRoute?: boolean;
  onLink?: boolean;
}
export interface ForeignDhcp {
  range: AddressRange;
  /**
   * @minItems 1
   */
  reserved?: Label[];
}
export interface Node {
  role: Name | Name[];
  on?: Label;
  network?: Name;
  ip?: Ip;
  mac?: Mac;
  interface?: Interface;
  nics?: {
    [k: string]: Nic;
  };
  primary?: Interface;
  os?: 'rocky9' | 'almalinux9' | 'rhel9' | 'debian12' | 'flatcar';
  user?: User;
  aliases?: Alias[];
  provides?: ('dns' | 'ntp')[];
}
export interface Nic {
  network: Name;
  ip: Ip;
  mac?: Mac;
}
export interface Vip {
  ip: Ip;
  vrid?: number;
  members:
    | Label[]
    | {
        [k: string]: number;
      };
  port?: Port;
  backends?: Backends;
  frontends?: {
    [k: string]: Frontend;
  };
}
export interface Frontend {
  port: Port;
  backends: Backends;
}
export interface Keepalived {
  vrrpVersion?: 2 | 3;
  advertInterval?: number;
  checkInterval?: number;
  fall?: number;
  rise?: number;
  transport?: 'unicast' | 'multicast';
  preempt?: boolean;
  authPass?: VaultVariable;
}
export interface Haproxy {
  connectTimeout?: Duration;
  idleTimeout?: Duration;
  tunnelTimeout?: Duration;
  checkInterval?: Duration;
  checkTimeout?: Duration;
  fall?: number;
  rise?: number;
  maxConnections?: number;
  stats?: Stats;
  sections?: {
    /**
     * @minItems 1
     */
    [k: string]: HaproxyLine[];
  };
}
export interface Stats {
  port?: Port;
  user?: User;
  password: VaultVariable;
}
export interface Flow {
  from: Places;
  to: Places;
  /**
   * @minItems 1
   */
  ports?: Ports[];
  comment?: Comment;
}
export interface FirewallRule {
  chain: 'forward' | 'input';
  before?: 'flows' | 'refusal';
  rule: string;
  comment?: Comment;
}
export interface Verification {
  from: Places;
  to: Places;
  /**
   * @minItems 1
   */
  ports?: Port[];
}
export interface Retired {
  text: RetiredText;
  reason: string;
}
export interface Waiver {
  rule: string;
  at: string;
  reason: string;
}

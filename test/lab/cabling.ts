import type { Enclosure } from './enclosure.ts';
import type { LabGuest, LabHypervisor, LabTree } from './lab-tree.ts';

/** Where the switches of all LANs are, which is nobody's machine. */
const SWITCHES = 'switches';

/** The cables of a lab: veths between machines, hypervisors and switches. */
export class Cabling {
  readonly #enclosure: Enclosure;
  readonly #tree: LabTree;
  /** The switch of each bridge with an uplink. */
  readonly #switches: ReadonlyMap<string, string>;
  #cables = 0;

  constructor(enclosure: Enclosure, tree: LabTree) {
    this.#enclosure = enclosure;
    this.#tree = tree;
    const nics = tree.hypervisors.flatMap((hypervisor) => hypervisor.nics);
    const switches = [...new Set(nics.map((nic) => nic.switch))];
    this.#switches = new Map(nics.map((nic) => [nic.bridge, `lan${switches.indexOf(nic.switch)}`]));
  }

  /** Switches, the routers of the LANs behind them, and nothing else. */
  async layOut(): Promise<void> {
    const routers = this.#tree.routers.map(({ bridge, address, pool: [first, last] }, index) => {
      const dhcp = `dnsmasq --conf-file=/dev/null --port=0 --pid-file= --dhcp-leasefile=/run/leases --interface=eth${index} --bind-interfaces`;
      return `
${this.#cable({ from: 'router', card: `eth${index}`, to: SWITCHES, bridge: this.#switchOf(bridge) })}
ip -n router address add ${address} dev eth${index} && ip -n router link set eth${index} up
${first === undefined ? '' : `ip netns exec router ${dhcp} --dhcp-range=${first},${last}`}`;
    });
    await this.#enclosure.script(`
${network(SWITCHES)}
${[...new Set(this.#switches.values())].map((name) => `ip -n ${SWITCHES} link add ${name} type bridge forward_delay 0 && ip -n ${SWITCHES} link set ${name} up`).join('\n')}
${network('router')}
ip netns exec router sysctl -qw net.ipv4.ip_forward=1
${this.#tree.beyond.map((address) => `ip -n router address add ${address}/32 dev lo`).join('\n')}
${routers.join('\n')}`);
  }

  /** A network namespace on a LAN, with an address there if one is said. */
  async addHost(
    name: string,
    { bridge, address }: { readonly bridge: string; readonly address?: string },
  ): Promise<void> {
    const { address: router = '' } = this.#tree.routers.find((one) => one.bridge === bridge) ?? {};
    const configure = `
ip -n ${name} address add ${address}/${router.split('/')[1] ?? 24} dev eth0
${router === '' ? '' : `ip -n ${name} route add default via ${router.split('/')[0]}`}
${this.#tree.routes.map(({ to, via }) => `ip -n ${name} route add ${to} via ${via} 2>/dev/null || true`).join('\n')}`;
    await this.#enclosure.script(`
${network(name)}
${this.#cable({ from: name, card: 'eth0', to: SWITCHES, bridge: this.#switchOf(bridge) })}
ip -n ${name} link set eth0 up
${address === undefined ? '' : configure}`);
  }

  /** What a hypervisor finds when it is switched on: its cards, and nothing that the kernel remembers. */
  async addHypervisor({ name, nics }: LabHypervisor): Promise<void> {
    const host = this.#tree.hypervisors.findIndex((one) => one.name === name);
    const cards = nics.map((nic, index) => {
      // Its own for good, as a card's is: bridges take it over.
      const mac = `02:00:00:ff:0${host}:0${index}`;
      return this.#cable({
        from: name,
        card: nic.name,
        to: SWITCHES,
        bridge: this.#switchOf(nic.bridge),
        mac,
      });
    });
    await this.#enclosure.script([network(name), ...cards].join('\n'));
  }

  /** A guest's cards; those for a bridge with an uplink are at its switch until there is a bridge, as with macvtap. */
  async addGuest({ name, cards }: LabGuest): Promise<void> {
    const lines = cards.map(({ name: card, at, mac }, index) => {
      const port = portOf(name, index);
      const bridge = this.#switches.get(at);
      return `${this.#cable({ from: name, card, to: bridge === undefined ? hostOf(at) : SWITCHES, bridge, port, mac })}`;
    });
    await this.#enclosure.script([network(name), ...lines].join('\n'));
  }

  /** Plugs guests into the bridges of their hypervisors, as libvirt does when it starts them. */
  async plugIn(guests: readonly LabGuest[]): Promise<void> {
    const ports = portsOf(guests);
    await this.#enclosure.script(`
${ports.map(({ port, host }) => `ip -n ${SWITCHES} link set ${port} netns ${host} 2>/dev/null || true`).join('\n')}
sleep 1 # the guest notices that its cable is gone
${ports.map(({ port, host, bridge }) => `ip -n ${host} link set ${port} master ${bridge} up`).join('\n')}`);
  }

  /** Takes guests off their bridges; their cards see nothing of it. */
  async unplug(guests: readonly LabGuest[]): Promise<void> {
    const lines = portsOf(guests).map(({ port, host }) => `ip -n ${host} link set ${port} nomaster`);
    await this.#enclosure.script(lines.join('\n'));
  }

  /** Cables of guests at the side of their hypervisor; their cards lose their carrier with them. */
  async setCables(guests: readonly LabGuest[], state: 'up' | 'down'): Promise<void> {
    const lines = portsOf(guests).map(({ port, host }) => `ip -n ${host} link set ${port} ${state}`);
    await this.#enclosure.script(lines.join('\n'));
  }

  /** Takes a machine's cables away, with all that the kernel knows of its network. */
  async remove(name: string): Promise<void> {
    await this.#enclosure.script(`
for card in $(ip -n ${name} -brief link show type veth | cut -d@ -f1); do ip -n ${name} link delete $card; done
ip netns delete ${name}`);
  }

  #switchOf(bridge: string): string {
    const found = this.#switches.get(bridge);
    if (found === undefined) throw new Error(`${bridge} has no uplink`);
    return found;
  }

  #cable({ from, card, to, bridge, port, mac }: Cable): string {
    this.#cables += 1;
    const other = port ?? `cable${this.#cables}`;
    const address = mac ?? `02:00:00:01:00:${this.#cables.toString(16).padStart(2, '0')}`;
    return `
ip link add ${card} netns ${from} address ${address} type veth peer name ${other} netns ${to}
${bridge === undefined ? '' : `ip -n ${to} link set ${other} master ${bridge} up`}`;
  }
}

interface Cable {
  readonly from: string;
  readonly card: string;
  readonly to: string;
  readonly bridge: string | undefined;
  /** The other end's name. */
  readonly port?: string;
  readonly mac?: string;
}

/**
 * A fresh network namespace. br_netfilter is built into some kernels, where it filters what a bridge passes by default; on a
 * machine that did not load the module it does nothing.
 */
function network(name: string): string {
  return `
ip netns add ${name}
ip -n ${name} link set lo up
[ ! -e /proc/sys/net/bridge ] || ip netns exec ${name} sysctl -qw net.bridge.bridge-nf-call-iptables=0`;
}

/** The other ends of the guests' cables, and where they belong. */
function portsOf(guests: readonly LabGuest[]) {
  return guests.flatMap(({ name, cards }) =>
    cards.map(({ at }, index) => {
      const [host = '', bridge = ''] = at.split('.');
      return { port: portOf(name, index), host, bridge };
    }),
  );
}

function hostOf(at: string): string {
  return at.split('.')[0] ?? at;
}

/** As libvirt names the host's end of a guest's cable, vnet and a number; 15 characters at most (IFNAMSIZ). */
function portOf(guest: string, card: number): string {
  let hash = card;
  for (const character of guest) hash = (hash * 31 + character.charCodeAt(0)) % 0xffffffff;
  return `vnet${hash}`;
}

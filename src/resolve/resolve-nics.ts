import type { Finding, Path } from '../diagnostics/diagnostic.ts';
import { Ipv4 } from '../net/ipv4.ts';
import { Mac } from '../net/mac.ts';
import type { Nic as SaidNic, Node as SaidNode } from '../validate/model.ts';
import type { Network, Nic } from './cluster.ts';
import { entries } from './entries.ts';
import type { Namespace } from './namespace.ts';

interface Known {
  readonly networks: readonly Network[];
  readonly names: Namespace;
}

/** A card as it is said, and where. */
interface Said extends SaidNic {
  readonly interface?: string;
  readonly origin: Path;
}

/** The network cards of a node, the primary one first. */
export function resolveNics(
  name: string,
  node: SaidNode,
  { networks, names }: Known,
): { nics: Nic[]; findings: Finding[] } {
  const findings: Finding[] = [];
  const nics = saidNics(name, node).flatMap((said): Nic[] => {
    const network = networks.find((candidate) => candidate.name === said.network);
    const at = [...said.origin, 'network'];
    if (network === undefined) {
      // One that could not be resolved has a finding of its own.
      if (names.kindOf(said.network) !== 'network')
        findings.push(names.unknown(said.network, ['network'], at));
      return [];
    }
    return [resolveNic(said, network)];
  });
  const isPrimary = ({ interface: card }: Nic) => card === node.primary;
  if (node.primary !== undefined && node.nics !== undefined && !Object.hasOwn(node.nics, node.primary)) {
    findings.push(noSuchCard(name, node.primary, Object.keys(node.nics)));
  }
  return { nics: [...nics.filter(isPrimary), ...nics.filter((nic) => !isPrimary(nic))], findings };
}

/** The cards in the order of their names; the short form is one card, which need not have a name. */
function saidNics(name: string, node: SaidNode): Said[] {
  const origin = ['nodes', name];
  if (node.nics !== undefined) {
    return entries(node.nics).map(([card, nic]) => ({
      ...nic,
      interface: card,
      origin: [...origin, 'nics', card],
    }));
  }
  const { network, ip, mac, interface: card } = node;
  if (network === undefined || ip === undefined) return [];
  return [
    {
      network,
      ip,
      ...(mac === undefined ? {} : { mac }),
      ...(card === undefined ? {} : { interface: card }),
      origin,
    },
  ];
}

/** A card with a MAC address is reserved where libvirt serves DHCP, which it does in the first range. */
function resolveNic(said: Said, network: Network): Nic {
  const ip = Ipv4.of(said.ip);
  const isServed = network.dhcp !== undefined && network.cidr.contains(ip);
  return {
    origin: said.origin,
    network,
    ip,
    mac: said.mac === undefined ? undefined : Mac.of(said.mac),
    addressing: said.mac !== undefined && isServed ? 'reserved' : 'static',
    interface: said.interface,
  };
}

/** The node's own address and its network, before anything is resolved. */
export function primaryAddress(node: SaidNode): { network: string; ip: Ipv4 } {
  const cards = node.nics === undefined ? [] : entries(node.nics);
  const [, primary] = cards.find(([card]) => card === node.primary) ?? cards[0] ?? [];
  const { network = '', ip = '' } = primary ?? node;
  return { network, ip: Ipv4.of(ip) };
}

function noSuchCard(node: string, primary: string, cards: readonly string[]): Finding {
  return {
    rule: 'unknown-name',
    at: ['nodes', node, 'primary'],
    message: `"${node}" has no network card "${primary}"`,
    help: `its cards: ${cards.join(', ')}`,
  };
}

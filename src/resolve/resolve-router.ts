import type { Finding, Path } from '../diagnostics/diagnostic.ts';
import type { Cidr } from '../net/cidr.ts';
import { Ipv4 } from '../net/ipv4.ts';
import type { Network as SaidNetwork } from '../validate/model.ts';
import type { Hypervisor, NetworkBridge, Router } from './cluster.ts';
import { isUntagged } from './modes.ts';
import type { Namespace } from './namespace.ts';
import { saidRanges } from './said-ranges.ts';

/** A router that is not said is the first address; it is the hypervisor's unless that has another address there. */
export function resolveRouter(
  said: SaidNetwork,
  bridges: readonly NetworkBridge[],
  { names, name }: { readonly names: Namespace; readonly name: string },
): Router | Finding {
  const {
    ip: text,
    owner,
    returnRoute = false,
    onLink = false,
  } = typeof said.router === 'string' ? { ip: said.router } : (said.router ?? {});
  const [cidr] = saidRanges(said);
  const ip = text === undefined ? cidr.firstHost : Ipv4.of(text);
  const hypervisors = bridges.map(({ hypervisor }) => hypervisor);
  const at = ['networks', name, 'router'];
  const router = (hypervisor?: Hypervisor): Router => ({ ip, hypervisor, returnRoute, onLink });
  if (owner === 'outside') return router();
  const named = hypervisors.find((hypervisor) => hypervisor.name === owner);
  if (named !== undefined) return router(named);
  if (owner !== undefined && owner !== 'hypervisor' && bridges.length > 0)
    return wrongOwner(owner, [...at, 'owner'], { names, hypervisors });
  const own = bridges.flatMap((bridge) => ownAddress(bridge, said, cidr));
  const holder = own.find((address) => address.ip.equals(ip));
  if (holder !== undefined) return router(holder.hypervisor);
  if (owner === undefined && own.length > 0)
    return bridges.some(hasUplink)
      ? router()
      : routerOfNobody(name, ip, { own, at: said.router === undefined ? at.slice(0, -1) : at });
  const [only, second] = hypervisors;
  return second === undefined ? router(only) : ambiguousOwner(name, ip, hypervisors);
}

interface OwnAddress {
  readonly hypervisor: Hypervisor;
  readonly ip: Ipv4;
  readonly bridge: Path;
}

/** A hypervisor's own address on the bridge of a network in bridge mode. */
function ownAddress({ hypervisor, name }: NetworkBridge, said: SaidNetwork, cidr: Cidr): OwnAddress[] {
  const ip = hypervisor.bridges.find((bridge) => bridge.name === name)?.ip;
  return isUntagged(said) && ip !== undefined && cidr.contains(ip)
    ? [{ hypervisor, ip, bridge: ['hypervisors', hypervisor.name, 'bridges', name] }]
    : [];
}

/** Whether the bridge leads out of the host. */
function hasUplink({ hypervisor, name }: NetworkBridge): boolean {
  return hypervisor.bridges.some((bridge) => bridge.name === name && bridge.uplink !== undefined);
}

function wrongOwner(
  owner: string,
  at: Path,
  { names, hypervisors }: { names: Namespace; hypervisors: readonly Hypervisor[] },
): Finding {
  return names.kindOf(owner) === 'hypervisor'
    ? {
        rule: 'wrong-value',
        at,
        message: `"${owner}" is not on this network`,
        help: `its hypervisors: ${hypervisors.map(({ name }) => name).join(', ')}`,
      }
    : names.unknown(owner, ['hypervisor'], at);
}

function ambiguousOwner(network: string, ip: Ipv4, hypervisors: readonly Hypervisor[]): Finding {
  const known = hypervisors.map(({ name }) => name);
  return {
    rule: 'missing-key',
    at: ['networks', network],
    part: 'key',
    message: `"${network}" is on ${known.join(' and ')}, and nobody says which of them is its router ${ip}`,
    help: `say \`router: { owner: ${known[0]} }\`, or \`owner: outside\``,
  };
}

/** A router outside that nobody spoke of, where there is no way out. */
function routerOfNobody(
  network: string,
  ip: Ipv4,
  { own, at }: { readonly own: readonly OwnAddress[]; readonly at: Path },
): Finding {
  const known = own.map(({ hypervisor, ip: address }) => `"${hypervisor.name}" has ${address}`);
  return {
    rule: 'missing-key',
    at,
    part: 'key',
    related: own.map(({ bridge }) => ({ at: bridge, message: 'that bridge is here' })),
    message: `nobody has ${ip}, the router of "${network}": its bridge has no uplink, and ${known.join(' and ')}`,
    help: `say \`router: ${own[0]?.ip}\`, an \`uplink\`, or \`owner: outside\` for a machine that the model does not name`,
  };
}

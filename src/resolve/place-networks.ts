import type { Finding } from '../diagnostics/diagnostic.ts';
import type { Model, Network as SaidNetwork } from '../validate/model.ts';
import type { BridgeRef, Segment } from './cluster.ts';
import { entries } from './entries.ts';
import type { Namespace } from './namespace.ts';

/** The bridges that carry each network, by the network's name; none where that cannot be told. */
export type Places = ReadonlyMap<string, readonly BridgeRef[]>;

/**
 * Finds the bridges of each network. A network in bridge mode is on all bridges of its bridge's segment; any other has
 * a bridge that libvirt makes on one hypervisor.
 */
export function placeNetworks(
  model: Model,
  segments: readonly Segment[],
  names: Namespace,
): { places: Places; findings: Finding[] } {
  const findings: Finding[] = [];
  const places = entries(model.networks).map(([name, said]) => {
    const at = { name, said, model, segments };
    const place = hasUnknownHypervisor(said, model)
      ? names.unknown(said.on, ['hypervisor'], ['networks', name, 'on'])
      : said.mode === 'bridge'
        ? onSegment(at)
        : onHypervisor(at);
    if ('rule' in place) findings.push(place);
    return [name, 'rule' in place ? [] : place] as const;
  });
  return { places: new Map(places), findings };
}

interface Placing {
  readonly name: string;
  readonly said: SaidNetwork;
  readonly model: Model;
  readonly segments: readonly Segment[];
}

function hasUnknownHypervisor(
  said: SaidNetwork,
  { hypervisors }: Model,
): said is SaidNetwork & { on: string } {
  return said.on !== undefined && !Object.hasOwn(hypervisors, said.on);
}

function onSegment({ name, said, model, segments }: Placing): readonly BridgeRef[] | Finding {
  const isMeant = ({ hypervisor, bridge }: BridgeRef) =>
    bridge === said.bridge && hypervisor === (said.on ?? hypervisor);
  const meant = segments.filter(({ bridges }) => bridges.some(isMeant));
  const [segment, other] = meant;
  if (segment === undefined) return noSuchBridge(name, said, model);
  if (other === undefined) return segment.bridges;
  return {
    rule: 'missing-key',
    at: ['networks', name, 'bridge'],
    message: `"${said.bridge}" is a bridge of ${hypervisorsOf(meant)}, and they are not one segment`,
    related: meant.map(({ origin, bridges: [bridge] }) => ({
      at: origin,
      message: `here is that of "${bridge?.hypervisor}"`,
    })),
    help: 'join them under `segments`, or say with `on` whose bridge is meant',
  };
}

function onHypervisor({ name, said, model }: Placing): readonly BridgeRef[] | Finding {
  const names = entries(model.hypervisors).map(([hypervisor]) => hypervisor);
  const hypervisor = said.on ?? (names.length === 1 ? names[0] : undefined);
  if (hypervisor === undefined) {
    return {
      rule: 'missing-key',
      at: ['networks', name],
      part: 'key',
      message: `"${name}" is made by libvirt, but on which hypervisor?`,
      help: `say \`on\`: ${names.join(' or ')}`,
    };
  }
  const isHosts = Object.hasOwn(model.hypervisors[hypervisor]?.bridges ?? {}, said.bridge);
  if (!isHosts) return [{ hypervisor, bridge: said.bridge }];
  return {
    rule: 'duplicate-name',
    at: ['networks', name, 'bridge'],
    message: `libvirt makes the bridge of a network in ${said.mode} mode itself, but "${said.bridge}" is a bridge of the host`,
    related: [
      { at: ['hypervisors', hypervisor, 'bridges', said.bridge], message: 'the host makes it here' },
      { at: ['networks', name, 'mode'], message: 'the mode is here' },
    ],
    help: `name another one, such as ${`virbr_${name.replaceAll('-', '_')}`.slice(0, 15)}`,
  };
}

function noSuchBridge(name: string, said: SaidNetwork, { hypervisors }: Model): Finding {
  const here = entries(hypervisors).filter(([hypervisor]) => hypervisor === (said.on ?? hypervisor));
  const known = here.map(([, { bridges }]) =>
    entries(bridges)
      .map(([bridge]) => bridge)
      .join(', '),
  );
  const whose = here.length === 1 ? `"${here[0]?.[0]}" has no bridge` : 'no hypervisor has a bridge';
  return {
    rule: 'unknown-name',
    at: ['networks', name, 'bridge'],
    message: `${whose} "${said.bridge}", and in bridge mode libvirt makes none`,
    related: [
      ...here
        .flatMap(([host, { bridges }]) =>
          entries(bridges).map(([bridge]) => ['hypervisors', host, 'bridges', bridge]),
        )
        .slice(0, 3)
        .map((at) => ({ at, message: `"${at[1]}" has this one` })),
      { at: ['networks', name, 'mode'], message: 'the mode is here' },
    ],
    help: `${here.length === 1 ? 'its bridges' : 'their bridges'}: ${[...new Set(known)].join(', ')}`,
  };
}

function hypervisorsOf(segments: readonly Segment[]): string {
  return segments.flatMap(({ bridges }) => bridges.map(({ hypervisor }) => hypervisor)).join(' and of ');
}

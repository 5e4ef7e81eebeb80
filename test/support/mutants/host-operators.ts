import type { Bridge, Hypervisor } from '../../../src/resolve/cluster.ts';
import { shifted } from './facts.ts';
import { type Operator, operator } from './operator.ts';
import type { Edit, Source } from './source.ts';

type Change = (bridge: Bridge, hypervisor: Hypervisor, source: Source) => Iterable<Edit> | undefined;

function ofEachBridge(name: string, expects: Operator['expects'], change: Change): Operator {
  return operator(name, expects, function* (source) {
    for (const hypervisor of source.cluster.hypervisors)
      for (const bridge of hypervisor.bridges) {
        const edits = change(bridge, hypervisor, source);
        if (edits !== undefined) yield edits;
      }
  });
}

export const hostOperators: readonly Operator[] = [
  ofEachBridge('a second bridge with the same card', 'error', ({ uplink }, { origin }, source) =>
    uplink === undefined ? undefined : source.insert([...origin, 'bridges'], `brx: { uplink: ${uplink} }`),
  ),
  ofEachBridge('a bridge that nobody names any more', 'error', ({ name, origin }, hypervisor, source) =>
    source.cluster.networks.some(
      ({ mode, bridges }) =>
        mode === 'bridge' &&
        bridges.some((bridge) => bridge.hypervisor === hypervisor && bridge.name === name),
    )
      ? source.renameKey(origin, `${name}x`)
      : undefined,
  ),
  ofEachBridge('a bridge with too long a name', 'error', ({ origin }, _, source) =>
    source.renameKey(origin, 'bridge_of_16_chr'),
  ),
  ofEachBridge('a bridge that is its own card', 'error', ({ name, uplink, origin }, _, source) =>
    uplink === undefined ? undefined : source.replace([...origin, 'uplink'], name),
  ),
  ofEachBridge("the host's address in no network", 'error', ({ ip, origin }, _, source) =>
    ip === undefined ? undefined : source.replace([...origin, 'ip'], shifted(ip, 2 ** 17).toString()),
  ),
  ofEachBridge('a bridge without its address', 'either', ({ ip, origin }, _, source) =>
    ip === undefined ? undefined : source.remove([...origin, 'ip']),
  ),
  ofEachBridge('a bridge without its card', 'either', ({ uplink, origin }, _, source) =>
    uplink === undefined ? undefined : source.remove([...origin, 'uplink']),
  ),
  ofEachBridge("the host's address is a node's", 'error', ({ ip, origin }, _, source) => {
    const node = source.cluster.nodes.find(({ network }) => ip !== undefined && network.cidr.contains(ip));
    return node === undefined ? undefined : source.replace([...origin, 'ip'], node.ip.toString());
  }),
  operator('the host reached at an address that is not its own', 'either', function* (source) {
    for (const { origin, ip } of source.cluster.hypervisors)
      if (!source.has([...origin, 'ip'])) yield source.insert(origin, `ip: ${shifted(ip, 1)}`);
  }),
  operator('a segment less', 'either', function* (source) {
    for (const { origin } of source.cluster.segments)
      if (origin[0] === 'segments') yield source.remove(origin);
  }),
  operator('a bridge less in a segment', 'either', function* (source) {
    for (const { origin, bridges } of source.cluster.segments)
      for (const [index] of origin[0] === 'segments' ? bridges.entries() : [])
        yield source.remove([...origin, index]);
  }),
];

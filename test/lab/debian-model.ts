import { parse } from 'yaml';
import { Ipv4 } from '../../src/net/ipv4.ts';
import { subnetOf } from '../../src/resolve/subnets.ts';
import { compileText } from '../support/compile.ts';

type Data = Record<string, unknown>;

export interface DebianModel {
  readonly model: Data;
  /** The address on the LAN that Ansible runs at. */
  readonly controller: string;
  /** What is not as in the model that was given, in words. */
  readonly changes: readonly string[];
}

/**
 * A model as machines of Debian 12 can be it: EL9 becomes Debian, Open vSwitch, whose kernel module and plugin for
 * NetworkManager Debian lacks, a Linux bridge, and Ansible runs on a machine of its own on the LAN.
 */
export function debianModel(text: string): DebianModel {
  const model = parse(text) as Data;
  const controller = freeAddress(text);
  const changes = new Set<string>();
  const onDebian = (each: Data): Data => {
    if (each['os'] === 'flatcar' || each['os'] === 'debian12') return each;
    changes.add('Debian 12 in place of EL9');
    return { ...each, os: 'debian12' };
  };
  const bridge = ({ kind, ...each }: Data): Data => {
    if (kind === 'openvswitch') changes.add('Linux bridges in place of Open vSwitch');
    return each;
  };
  const hypervisor = ({ openvswitch: _, ...each }: Data): Data =>
    onDebian({ ...each, bridges: mapped(each['bridges'], bridge) });
  changes.add(`Ansible on ${controller}`);
  return {
    controller,
    model: {
      ...model,
      controller,
      hypervisors: mapped(model['hypervisors'], hypervisor),
      nodes: mapped(model['nodes'], onDebian),
    },
    changes: [...changes],
  };
}

function mapped(entries: unknown, change: (each: Data) => Data): Data {
  const all = (entries ?? {}) as Record<string, Data>;
  return Object.fromEntries(Object.entries(all).map(([name, each]) => [name, change(each)]));
}

/** An address that the model does not speak of, on the LAN that the first hypervisor is reached by. */
function freeAddress(text: string): string {
  const { hypervisors, networks } = compileText(text);
  const lan = networks.find(
    (network) => hypervisors[0] && subnetOf(network, hypervisors[0].ip) !== undefined,
  );
  const [first, last] = [lan?.cidr.firstHost.value ?? 0, lan?.cidr.lastHost.value ?? 0];
  for (let value = last; value > first; value -= 1) {
    const ip = Ipv4.fromNumber(value);
    if (!lan?.foreignDhcp?.contains(ip) && !new RegExp(`\\b${ip}\\b`).test(text)) return ip.toString();
  }
  throw new Error('the LAN of the first hypervisor has no free address for Ansible');
}

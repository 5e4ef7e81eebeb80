import { parse } from 'yaml';
import { isIn } from '../tools/reach/readme-tables.ts';

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
  const controller = freeAddress(text, model);
  const changes = new Set<string>();
  const onDebian = (each: Data, fallback?: string): Data => {
    const os = each['os'] ?? fallback;
    if (os === 'flatcar' || os === 'debian12') return each;
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
      nodes: mapped(model['nodes'], (node) => onDebian(node)),
    },
    changes: [...changes],
  };
}

function mapped(entries: unknown, change: (each: Data) => Data): Data {
  const all = (entries ?? {}) as Record<string, Data>;
  return Object.fromEntries(Object.entries(all).map(([name, each]) => [name, change(each)]));
}

/** An address that the model does not speak of, on the LAN that the first hypervisor is reached by. */
function freeAddress(text: string, { hypervisors, networks }: Data): string {
  const [hypervisor = {}] = Object.values(hypervisors as Record<string, Data>);
  const [{ ip: host } = { ip: '' }] = Object.values(hypervisor['bridges'] as Record<string, { ip: string }>);
  const around = Object.values(networks as Record<string, Data>).find(({ cidr }) =>
    isIn(host, String([cidr].flat()[0])),
  );
  const range = String([around?.['cidr']].flat()[0]);
  const [first = '', last = first] = String(around?.['foreignDhcp'] ?? '').split('-');
  for (let number = numberOf(host) + 200; number > 0; number -= 1) {
    const address = [24, 16, 8, 0].map((shift) => (number >>> shift) & 255).join('.');
    const isPool = first !== '' && numberOf(first) <= number && number <= numberOf(last);
    if (isIn(address, range) && !isPool && !new RegExp(`\\b${address}\\b`).test(text)) return address;
  }
  throw new Error(`${range} has no free address for Ansible`);
}

function numberOf(ip: string): number {
  return ip.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0);
}

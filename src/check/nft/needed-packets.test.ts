import { describe, expect, it } from 'vitest';
import { clusters } from '../../../test/support/clusters.ts';
import { compileText, SMALLEST, TWO_HOSTS } from '../../../test/support/compile.ts';
import { buildRuleset } from '../../firewall/build-ruleset.ts';
import { compileModel } from '../../pipeline.ts';
import { type NeededPacket, neededPackets } from './needed-packets.ts';
import { packetText } from './stopped-packets.ts';
import { tracerOf } from './trace.ts';

/** `kvm1 forward br0 virbr_kube: tcp 192.168.0.50 -> 10.17.4.21 dport 6443` */
function line(needed: NeededPacket): string {
  const { iifname, oifname } = needed.packet;
  const place = [needed.host.hypervisor.name, needed.hook, ...(iifname ?? ['?']), ...(oifname ?? ['?'])];
  return `${place.join(' ')}: ${packetText(needed)}`;
}

function linesOf(text: string): string[] {
  const cluster = compileText(text);
  return [...neededPackets(cluster, cluster.flows)].map(line);
}

describe('the packets that a firewall has to let pass', () => {
  it('are those from load balancers to a master, and from Kubernetes nodes to the API', () => {
    expect(linesOf(SMALLEST)).toEqual([
      'kvm1 forward br0 virbr_kube: tcp 192.168.0.50 -> 10.17.4.21 dport 6443',
      'kvm1 forward br0 virbr_kube: tcp 192.168.0.51 -> 10.17.4.21 dport 6443',
      'kvm1 forward virbr_kube br0: tcp 10.17.4.21 -> 192.168.0.55 dport 6443',
      'kvm1 forward virbr_kube br0: tcp 10.17.4.24 -> 192.168.0.55 dport 6443',
    ]);
  });

  it('are of each node that rules name, and of one of the others that are alike', () => {
    const more = [2, 3].map(
      (number) => `  worker${number}: { role: worker, network: kube, ip: 10.17.4.2${number + 3} }`,
    );
    const rule = '{ chain: forward, before: flows, rule: ip saddr 10.17.4.26 tcp dport 9100 drop }';
    const text = SMALLEST.replace('\n\nvips:', `\n${more.join('\n')}\n\nvips:`);
    const api = linesOf(`${text}firewall: { rules: [${rule}] }\n`).filter((one) =>
      one.includes('virbr_kube br0'),
    );
    expect(api).toEqual([
      'kvm1 forward virbr_kube br0: tcp 10.17.4.21 -> 192.168.0.55 dport 6443',
      'kvm1 forward virbr_kube br0: tcp 10.17.4.24 -> 192.168.0.55 dport 6443',
      'kvm1 forward virbr_kube br0: tcp 10.17.4.26 -> 192.168.0.55 dport 6443',
    ]);
  });

  it('pass both firewalls between the networks of two hypervisors, and the controller comes from the one that it is', () => {
    const both = (ports: readonly string[]) =>
      ports.flatMap((port) => {
        const [protocol, number] = port.split(' ');
        return [
          `kvm1 forward br0 virbr_kube: ${protocol} 10.20.2.12 -> 10.20.1.11 dport ${number}`,
          `kvm1 forward virbr_kube br0: ${protocol} 10.20.1.11 -> 10.20.2.12 dport ${number}`,
          `kvm2 forward br0 virbr_kube: ${protocol} 10.20.1.11 -> 10.20.2.12 dport ${number}`,
          `kvm2 forward virbr_kube br0: ${protocol} 10.20.2.12 -> 10.20.1.11 dport ${number}`,
        ];
      });
    expect(linesOf(TWO_HOSTS).sort()).toEqual(
      [
        'kvm2 forward br0 virbr_kube: tcp 192.168.0.41 -> 10.20.2.12 dport 22',
        'kvm2 input br0 ?: tcp 192.168.0.41 -> 192.168.0.42 dport 22',
        'kvm1 forward br0 virbr_kube: tcp 192.168.0.51 -> 10.20.1.11 dport 6443',
        'kvm1 forward br0 virbr_kube: tcp 192.168.0.52 -> 10.20.1.11 dport 6443',
        'kvm2 forward br0 virbr_kube: tcp 192.168.0.51 -> 10.20.2.12 dport 6443',
        'kvm2 forward br0 virbr_kube: tcp 192.168.0.52 -> 10.20.2.12 dport 6443',
        'kvm1 forward virbr_kube br0: tcp 10.20.1.11 -> 192.168.0.55 dport 6443',
        'kvm2 forward virbr_kube br0: tcp 10.20.2.12 -> 192.168.0.55 dport 6443',
        ...both(['tcp 6443', 'tcp 2379', 'tcp 2380', 'tcp 10250', 'udp 8472']),
      ].sort(),
    );
  });

  it('are sent by interfaces that nobody knows where a controller outside of the model sends them', () => {
    const lines = linesOf(`controller: 203.0.113.5\n${SMALLEST}`);
    expect(lines.filter((text) => text.endsWith('dport 22'))).toEqual([
      'kvm1 forward ? virbr_kube: tcp 203.0.113.5 -> 10.17.4.21 dport 22',
      'kvm1 forward ? virbr_kube: tcp 203.0.113.5 -> 10.17.4.24 dport 22',
      'kvm1 input ? ?: tcp 203.0.113.5 -> 192.168.0.40 dport 22',
    ]);
    expect(linesOf(`controller: 192.168.0.9\n${SMALLEST}`)).toContain(
      'kvm1 forward br0 virbr_kube: tcp 192.168.0.9 -> 10.17.4.21 dport 22',
    );
  });

  it('have no sender where it cannot be told: at two sites, in two networks, behind an address of somebody else', () => {
    const ranges = SMALLEST.replace(
      'networks:',
      '  kvm2: { bridges: { br0: { uplink: eno1, ip: 192.168.0.41 } } }\nnetworks:\n  lan2: { cidr: 192.168.0.0/23, bridge: br0, on: kvm2, mode: bridge, router: 192.168.0.1 }',
    )
      .replace('bridge: br0, mode', 'bridge: br0, on: kvm1, mode')
      .replace('virbr_kube,', 'virbr_kube, on: kvm1,');
    expect(linesOf(`controller: 192.168.0.9\n${ranges}`).filter((text) => text.includes('forward'))).toEqual(
      linesOf(SMALLEST),
    );
    const cable = TWO_HOSTS.replaceAll(
      /(ip: 192.168.0.4)(\d) }/g,
      '$1$2 }, br1: { uplink: eno2, ip: 10.9.9.$2 }',
    )
      .replace('  lan: [', '  san: [kvm1.br1, kvm2.br1]\n  lan: [')
      .replace('networks:', 'networks:\n  san: { cidr: 10.9.9.0/24, bridge: br1, mode: bridge }');
    expect(linesOf(cable).filter((text) => text.endsWith('dport 22'))).toEqual([]);
    const nat = linesOf(TWO_HOSTS.replace('on: kvm1, mode: open', 'on: kvm1, mode: nat'));
    expect(nat.filter((text) => text.includes('10.20.1.11 ->') && text.endsWith('dport 6443'))).toEqual([
      'kvm1 forward virbr_kube br0: tcp 10.20.1.11 -> 192.168.0.55 dport 6443',
      'kvm1 forward virbr_kube br0: tcp 10.20.1.11 -> 10.20.2.12 dport 6443',
    ]);
  });

  it('come by any interface from a LAN where the hypervisor has no address, or has another LAN', () => {
    const dmz = (ip: string, router: string) =>
      SMALLEST.replace('192.168.0.40 }', `192.168.0.40 }, br1: { uplink: eno2${ip} }`).replace(
        'networks:',
        `networks:\n  dmz: { cidr: 192.168.9.0/24, bridge: br1, mode: bridge, router: ${router} }`,
      );
    const routed = dmz('', '{ ip: 192.168.9.1, owner: outside, returnRoute: true }')
      .replace(/(lb[12].*)network: lan, ip: 192.168.0/g, '$1network: dmz, ip: 192.168.9')
      .replace('192.168.0.55', '192.168.9.55');
    expect(linesOf(routed)).toEqual([
      'kvm1 forward ? virbr_kube: tcp 192.168.9.50 -> 10.17.4.21 dport 6443',
      'kvm1 forward ? virbr_kube: tcp 192.168.9.51 -> 10.17.4.21 dport 6443',
      'kvm1 forward virbr_kube ?: tcp 10.17.4.21 -> 192.168.9.55 dport 6443',
      'kvm1 forward virbr_kube ?: tcp 10.17.4.24 -> 192.168.9.55 dport 6443',
    ]);
    expect(linesOf(`controller: 192.168.0.9\n${dmz(', ip: 192.168.9.40', '192.168.9.1')}`)).toContain(
      'kvm1 forward ? virbr_kube: tcp 192.168.0.9 -> 10.17.4.21 dport 22',
    );
  });

  it.each(clusters)('pass what is derived for the cluster $name', ({ model }) => {
    const { cluster } = compileModel(model);
    if (cluster === undefined) throw new Error('no cluster');
    const packets = [...neededPackets(cluster, cluster.flows)];
    expect(packets.length).toBeGreaterThan(1);
    for (const needed of packets) {
      const ends = tracerOf(buildRuleset(needed.host))(needed.hook, needed.packet);
      expect([line(needed), ends.at(-1)?.verdict]).toEqual([line(needed), 'accept']);
    }
  });
});

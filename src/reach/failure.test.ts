import { describe, expect, it } from 'vitest';
import { compileText, SMALLEST, TWO_HOSTS } from '../../test/support/compile.ts';
import { inProject } from '../../test/support/paths.ts';
import { compileModel } from '../pipeline.ts';
import type { Cluster } from '../resolve/cluster.ts';
import { consequencesOf, isHarmful } from './consequences.ts';
import { describeFailure } from './describe-failure.ts';
import { failureOf } from './failure.ts';

function clusterOf(model: string): Cluster {
  const { cluster } = compileModel(inProject(model));
  if (cluster === undefined) throw new Error(`no cluster: ${model}`);
  return cluster;
}

/** What comes of a failure, in short. */
function without(cluster: Cluster, ...names: string[]) {
  const failure = failureOf(cluster, names);
  if ('problem' in failure) throw new Error(failure.problem);
  const consequences = consequencesOf(cluster, failure);
  const { vips, etcd, networks, broken } = consequences;
  return {
    vips: Object.fromEntries(vips.map(({ vip, after: holder }) => [vip.name, holder])),
    etcd: etcd && `${etcd.left} of ${etcd.members}, ${etcd.needed} needed`,
    lost: Object.fromEntries(networks.map(({ network, lost }) => [network.name, lost])),
    broken: broken.map(({ from, to, port }) => `${from} to ${to}:${port}`),
    cutOff: [...failure.cutOff],
    isHarmful: isHarmful(consequences),
    text: describeFailure(cluster, failure, consequences),
  };
}

const pair = clusterOf('examples/ha-pair/cluster.yaml');
const hosts = compileText(TWO_HOSTS);
const reference = clusterOf('cluster.yaml');

describe('without a load balancer', () => {
  it('the other one has its virtual IPs, and everything still works', () => {
    expect(without(pair, 'lb1')).toMatchObject({
      ...{ vips: { api: 'lb2', ingress: 'lb2' }, etcd: '3 of 3, 2 needed', lost: {}, broken: [] },
      isHarmful: false,
    });
    expect(without(pair, 'lb1').text).toBe(`lb1 fails

  api      192.168.1.60, moves from lb1 to lb2
  ingress  192.168.1.61, stays on lb2
  etcd     3 of 3 left, 2 needed: it keeps its majority

Everything that is needed still works.
`);
  });

  it('a virtual IP of which it is the only member is on nobody', () => {
    const lost = without(reference, 'k8s-api-lb');
    expect(lost).toMatchObject({ vips: { api: undefined }, isHarmful: true });
    expect(lost.broken).toContain('master1,master2,master3 to api:6443');
  });

  it('those that are left hold nothing by a lower priority than the highest', () => {
    const three = compileText(
      SMALLEST.replace(
        '  master1:',
        '  lb3: { role: load-balancer, network: lan, ip: 192.168.0.52 }\n  master1:',
      ).replace('members: [lb1, lb2]', 'members: [lb2, lb3, lb1]'),
    );
    expect(without(three).vips).toEqual({ api: 'lb2' });
    expect(without(three, 'lb2').vips).toEqual({ api: 'lb3' });
    expect(without(three, 'lb3').vips).toEqual({ api: 'lb2' });
    expect(without(three, 'lb2', 'lb3').vips).toEqual({ api: 'lb1' });
    expect(without(three, 'lb1', 'lb2', 'lb3').vips).toEqual({ api: undefined });
  });
});

describe('without masters', () => {
  // More than half of the members have to be there: 2 of 3 (etcd's FAQ).
  it.each([
    [['master1'], '2 of 3, 2 needed', false],
    [['master1', 'master2'], '1 of 3, 2 needed', true],
    [['master1', 'master2', 'master3'], '0 of 3, 2 needed', true],
  ])('%s etcd has %s', (names, etcd, isBad) => {
    expect(without(pair, ...names)).toMatchObject({ etcd, isHarmful: isBad });
  });

  it('of which none is left no frontend has a backend', () => {
    const { broken } = without(pair, 'master1', 'master2', 'master3');
    expect(broken).toContain('lb1 to master1,master2,master3:6443');
  });

  it('a state that is in a database of another kind has no majority to lose', () => {
    const model = SMALLEST.replace(
      'kubernetes: k3s',
      'kubernetes: { distribution: k3s, datastore: { engine: postgres, at: worker1, password: vault_db } }',
    );
    expect(without(compileText(model), 'master1').etcd).toBeUndefined();
    expect(without(compileText(model), 'worker1').broken).toEqual(
      expect.arrayContaining(['master1 to worker1:5432']),
    );
  });
});

describe('without a hypervisor', () => {
  it('its guests are down, and others go on', () => {
    expect(without(hosts, 'kvm2')).toMatchObject({ vips: { api: 'lb1' }, etcd: '1 of 2, 2 needed' });
    const failure = failureOf(hosts, ['kvm2']);
    // backup1 has its primary card on the LAN and one in kube2, which is on kvm2 alone: it is a guest of kvm2.
    expect('down' in failure && [...failure.down].sort()).toEqual(['backup1', 'kvm2', 'lb2', 'master2']);
  });

  it('that is the only one nothing runs', () => {
    expect(without(pair, 'kvm1')).toMatchObject({ vips: { api: undefined }, isHarmful: true });
    expect(without(pair, 'kvm1').text).toMatch(/^kvm1 fails: no hypervisor is left, and nothing runs\n/);
  });
});

describe('without a bridge', () => {
  it('what is on it alone is cut off, and what is on others runs', () => {
    expect(without(pair, 'virbr_kube')).toMatchObject({
      ...{ cutOff: ['master1', 'master2', 'master3', 'worker1', 'worker2'], etcd: '0 of 3, 2 needed' },
      vips: { api: 'lb1', ingress: 'lb2' },
    });
    expect(without(pair, 'br0')).toMatchObject({
      ...{ cutOff: ['lb1', 'lb2'], etcd: '3 of 3, 2 needed', vips: { api: undefined } },
    });
  });

  it('of one host the LAN of the other one stands, and the two are apart', () => {
    const apart = without(hosts, 'kvm1.br0');
    expect(apart).toMatchObject({ cutOff: ['lb1'], vips: { api: 'lb2' }, etcd: '1 of 2, 2 needed' });
    expect(apart.broken).toEqual(
      expect.arrayContaining(['master1 to api:6443', 'lb2 to master1:6443', 'master2 to master1:2379']),
    );
    // lb2 still has a master on its own side.
    expect(apart.broken).not.toContain('lb2 to master2:6443');
  });
});

describe('without an address', () => {
  it('of the hypervisor on a bridge, nobody is the router of the network', () => {
    const apart = without(reference, '10.17.4.1');
    expect(apart.lost).toEqual({ kube_network_03: ['router'] });
    expect(apart.broken).toEqual(
      expect.arrayContaining([
        'master1,master2,master3 to api:6443',
        'k8s-api-lb to master1,master2,master3:6443',
      ]),
    );
    expect(apart.cutOff).toEqual([]);
  });

  it('of a router outside, what is on its network still reaches one another', () => {
    const alone = without(pair, '192.168.1.1');
    expect(alone).toMatchObject({ lost: { lan: ['router', 'DNS'] }, vips: { api: 'lb1', ingress: 'lb2' } });
    expect(alone.broken).toEqual([]);
  });
});

describe('services of a network', () => {
  it('are gone with the node that provides them', () => {
    const { lost, broken } = without(reference, 'infra-cluster');
    expect(lost).toEqual({ kube_network_01: ['DNS'], kube_network_02: ['DNS'], kube_network_03: ['DNS'] });
    expect(broken).toContain('k8s-api-lb to infra-cluster:53');
  });

  it('stay where another node provides them, too', () => {
    const infra = (name: string, ip: string) =>
      `  ${name}: { role: infra, network: kube, ip: ${ip}, provides: [dns] }\n`;
    const two = compileText(
      SMALLEST.replace(
        '  master1:',
        `${infra('dns1', '10.17.4.11')}${infra('dns2', '10.17.4.12')}  master1:`,
      ),
    );
    expect(without(two, 'dns1')).toMatchObject({ lost: {}, broken: [], isHarmful: false });
    const none = without(two, 'dns1', 'dns2');
    expect(none.lost).toEqual({ kube: ['DNS'], lan: ['DNS'] });
    expect(none.broken).toContain('worker1 to dns1,dns2:53');
  });
});

describe('what fails', () => {
  it.each([
    ['lb3', 'there is no node, hypervisor, bridge or address "lb3"; did you mean "lb1"?'],
    ['api', 'a virtual IP does not fail, its members do: lb1, lb2'],
    ['192.168.1.60', 'a virtual IP does not fail, its members do: lb1, lb2'],
    ['192.168.1.77', 'nobody has 192.168.1.77'],
    ['lan', 'a network does not fail, its bridge does: kvm1.br0'],
    ['kvm1.br7', 'did you mean "kvm1.br0"?'],
    ['__proto__', 'there is no node, hypervisor, bridge or address "__proto__"; known: '],
    ['', 'there is no node, hypervisor, bridge or address ""'],
  ])('is none of the model: %j', (name, problem) => {
    const failure = failureOf(pair, [name]);
    expect('problem' in failure && failure.problem).toContain(problem);
  });

  it('is said with its hypervisor where others have a bridge of the same name', () => {
    expect(failureOf(hosts, ['br0'])).toEqual({
      problem: '"br0" is a bridge of several hypervisors: say kvm1.br0 or kvm2.br0',
    });
    expect(without(hosts, 'kvm2.br0').cutOff).toEqual(['lb2']);
  });

  it('can be nothing', () => {
    expect(without(pair)).toMatchObject({
      broken: [],
      isHarmful: false,
      vips: { api: 'lb1', ingress: 'lb2' },
    });
  });
});

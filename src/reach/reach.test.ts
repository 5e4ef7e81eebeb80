import { describe, expect, it } from 'vitest';
import { compileText, SMALLEST, TWO_HOSTS } from '../../test/support/compile.ts';
import { inProject } from '../../test/support/paths.ts';
import { compileModel } from '../pipeline.ts';
import type { Cluster } from '../resolve/cluster.ts';
import { describeReach } from './describe-reach.ts';
import { questionOf } from './ends.ts';
import { findingsOf } from './findings.ts';
import { reach } from './reach.ts';

function clusterOf(model: string): Cluster {
  const { cluster } = compileModel(inProject(model));
  if (cluster === undefined) throw new Error(`no cluster: ${model}`);
  return cluster;
}

/** `delivered`, or what stops a connection and where the model says so. */
function outcome(cluster: Cluster, from: string, to: string): string {
  const question = questionOf(cluster, from, to);
  if ('problem' in question) return question.problem;
  const { question: there, answer } = reach(cluster, question);
  const stop = there.stop ?? answer?.stop;
  return stop === undefined ? 'delivered' : `${stop.message} (${stop.at.join('.')})`;
}

/** What is reported of a connection. */
function findings(cluster: Cluster, from: string, to: string) {
  const question = questionOf(cluster, from, to);
  if ('problem' in question) throw new Error(question.problem);
  return findingsOf(reach(cluster, question));
}

/** Who sends a question, and with which address. */
function asker(cluster: Cluster, from: string, to: string): string {
  const question = questionOf(cluster, from, to);
  if ('problem' in question) throw new Error(question.problem);
  const [first] = reach(cluster, question).question.hops;
  return `${first?.machine.name} ${first?.saddr}`;
}

const reference = clusterOf('cluster.yaml');
const smallest = compileText(SMALLEST);

describe('the reference cluster', () => {
  // The five addresses that the masters should reach, by the end of the second document.
  it.each(['10.17.3.11', '192.168.0.50', '10.17.4.22', '10.17.4.1', '8.8.8.8'])(
    'lets each master reach %s',
    (to) => {
      for (const master of ['master1', 'master2', 'master3']) {
        if (to === '10.17.4.22' && master === 'master2') continue;
        expect(outcome(reference, master, to)).toBe('delivered');
      }
    },
  );

  it('lets in what a flow says, and nothing else', () => {
    expect(outcome(reference, 'k8s-api-lb', 'master1:6443')).toBe('delivered');
    expect(outcome(reference, 'worker1', 'api:6443')).toBe('delivered');
    expect(outcome(reference, 'k8s-api-lb', 'master1:22')).toBe(
      'the firewall of virtualizacion-server refuses it: no flow lets it pass (networks.kube_network_03.mode)',
    );
  });
});

describe('the first document', () => {
  it('stops at the load balancer, which has no route into the nat network and would be refused there', () => {
    const seed = clusterOf('examples/seed-2025-04-22/cluster.yaml');
    expect(outcome(seed, 'k8s-api-lb', 'master1:6443')).toContain('has no route to 10.17.4.21');
    expect(outcome(seed, 'virtualizacion-server', 'master1:6443')).toBe('delivered');
    expect(outcome(seed, 'master1', 'infra-cluster')).toContain("libvirt's rules for ");
  });
});

describe('a connection', () => {
  it('goes there and back, with what lets it pass', () => {
    const question = questionOf(smallest, 'worker1', '8.8.8.8:443');
    if ('problem' in question) throw new Error(question.problem);
    expect(describeReach(question, reach(smallest, question))).toBe(`worker1 to 8.8.8.8, tcp 443: delivered
  worker1  10.17.4.24 > 8.8.8.8  on kube by 10.17.4.1
  kvm1     192.168.0.40 > 8.8.8.8  on lan by 192.168.0.1   (egress)
  outside  192.168.0.40 > 8.8.8.8
back
  outside  8.8.8.8 > 192.168.0.40  on lan
  kvm1     8.8.8.8 > 10.17.4.24  on kube
  worker1  8.8.8.8 > 10.17.4.24
`);
  });

  it.each([
    ['lb1', 'master1:6443', 'delivered'],
    ['lb1', 'worker1', 'delivered'],
    ['worker1', 'kvm1:22', 'the firewall of kvm1 refuses it: no flow lets it pass (networks.lan.mode)'],
    ['worker1', '10.17.4.1:22', 'the firewall of kvm1 refuses it: no flow lets it pass (networks.kube.mode)'],
    ['kvm1', 'worker1:22', 'delivered'],
    ['worker1', 'lb1:22', 'the firewall of kvm1 refuses it: no flow lets it pass (networks.lan.mode)'],
    ['192.168.0.77', 'master1:6443', 'the router of "lan" has no route to 10.17.4.21 (networks.lan.router)'],
    ['internet', 'master1:6443', 'nothing outside knows a way to 10.17.4.21 (networks)'],
    ['worker1', '10.17.4.99', 'nobody on "kube" has 10.17.4.99 (networks.kube.cidr)'],
    ['worker1', '192.168.0.99', 'nobody on "lan" has 192.168.0.99 (networks.lan.cidr)'],
  ])('from %s to %s: %s', (from, to, said) => {
    expect(outcome(smallest, from, to)).toBe(said);
  });

  it("meets rules of people's own, as far as they are understood", () => {
    const ruled = (rule: string) =>
      compileText(`${SMALLEST}firewall: { rules: [{ chain: forward, before: flows, rule: ${rule} }] }\n`);
    const drop = ruled('ip saddr 192.168.0.50 tcp dport 6443 drop');
    expect(outcome(drop, 'lb1', 'master1:6443')).toBe(
      'a rule of your own refuses it on kvm1 (firewall.rules.0.rule)',
    );
    expect(outcome(drop, 'lb2', 'master1:6443')).toBe('delivered');
    expect(outcome(ruled('tcp dport 9100 accept'), 'lb1', 'worker1:9100')).toBe('delivered');
    expect(outcome(ruled('tcp dport 6443 meta mark 7 drop'), 'lb1', 'master1:6443')).toBe('delivered');
  });

  it('leaves a nat network whose range another hypervisor has as well', () => {
    const model = clusterOf('test/cases/ok/same-nat-network-on-each-host/cluster.yaml');
    for (const tool of ['tool1', 'tool2']) expect(outcome(model, tool, '8.8.8.8')).toBe('delivered');
  });

  it("is warned of rules of people's own that may decide otherwise", () => {
    const warned = (rule: string) =>
      findings(
        compileText(`${SMALLEST}firewall: { rules: [{ chain: forward, before: flows, rule: ${rule} }] }\n`),
        'lb1',
        'master1:6443',
      ).map(({ rule: id, severity, at }) => `${severity} ${id} ${at.join('.')}`);
    expect(warned('tcp dport 6443 meta mark 7 drop')).toEqual([
      'warning rule-not-judged firewall.rules.0.rule',
    ]);
    // It says nothing about this port, accepts what is accepted anyway, or decides nothing.
    expect(warned('tcp dport 22 meta mark 7 drop')).toEqual([]);
    expect(warned('tcp dport 6443 meta mark 7 accept')).toEqual([]);
    expect(warned('meta mark set 7')).toEqual([]);
    // Clients ask from ports of their own.
    expect(warned('tcp sport 1024-65535 drop')).toEqual(['error unreachable firewall.rules.0.rule']);
    expect(warned('tcp sport 2000 drop')).toEqual(['warning rule-not-judged firewall.rules.0.rule']);
    expect(warned('tcp sport 22 drop')).toEqual([]);
  });

  it('is warned of them beside what stops it', () => {
    const rules = '[{ chain: input, before: refusal, rule: tcp dport 22 meta mark 7 accept }]';
    const cluster = compileText(`${SMALLEST}firewall: { rules: ${rules} }\n`);
    expect(findings(cluster, 'worker1', 'kvm1:22').map(({ rule }) => rule)).toEqual([
      'unreachable',
      'rule-not-judged',
    ]);
  });

  it('that no flow lets pass does with the flow of the help', () => {
    for (const [from, to, flow] of [
      ['worker1', 'lb1:22', '{ from: worker1, to: lb1, ports: [22] }'],
      ['worker1', 'kvm1:514/udp', '{ from: worker1, to: kvm1, ports: [514/udp] }'],
      ['worker1', 'api:22', '{ from: worker1, to: api, ports: [22] }'],
    ] as const) {
      const [finding] = findings(smallest, from, to);
      expect(finding?.help).toBe(`open it under \`firewall.flows\`: \`${flow}\``);
      const opened = compileText(`${SMALLEST}firewall: { flows: [${flow}] }\n`);
      expect(outcome(opened, from, to)).toBe('delivered');
    }
  });

  it('that a router outside has no route for has one with the help', () => {
    const known = compileText(
      SMALLEST.replace('router: 192.168.0.1', 'router: { ip: 192.168.0.1, returnRoute: true }'),
    );
    const helps = ['192.168.0.77', 'internet'].map((from) => {
      const [finding] = findings(smallest, from, 'master1:22');
      expect(outcome(known, from, 'master1:22')).toContain('no flow lets it pass');
      return finding?.help;
    });
    expect(helps).toEqual([
      'say `returnRoute: true` if 192.168.0.1 knows the way',
      'say `returnRoute: true` of the router outside that knows the way',
    ]);
    expect(findings(known, '192.168.0.77', 'master1')[0]?.help).toBe(
      'open it under `firewall.flows`, with all else: `{ from: 192.168.0.77, to: master1 }`',
    );
    const flow = '{ from: internet, to: master1, ports: [22] }';
    expect(findings(known, 'internet', 'master1:22')[0]?.help).toContain(flow);
  });

  it('that a router outside knows is sent to where the hypervisor is, be it beside another router', () => {
    const model = SMALLEST.replace('bridges: {', 'bridges: { br1: { uplink: eno2 },').replace(
      '  kube:',
      '  dmz: { cidr: 192.168.9.0/24, bridge: br1, mode: bridge, router: { owner: outside } }\n  kube:',
    );
    const known = compileText(model.replace('{ owner: outside }', '{ owner: outside, returnRoute: true }'));
    expect(outcome(compileText(model), '192.168.9.77', 'master1:22')).toContain(
      'router of "dmz" has no route',
    );
    expect(outcome(known, '192.168.9.77', 'master1:22')).toContain('no flow lets it pass');
  });

  it.each([
    ['10.17.4.24', '8.8.8.8', 'worker1 10.17.4.24'],
    ['192.168.0.55', 'lb2', 'lb1 192.168.0.55'],
    ['192.168.0.40', 'worker1', 'kvm1 192.168.0.40'],
    ['10.17.4.1', 'worker1', 'kvm1 10.17.4.1'],
    ['192.168.0.1', 'lb1', 'outside 192.168.0.1'],
    ['192.168.0.77', 'lb1', '192.168.0.77 192.168.0.77'],
    ['203.0.113.7', 'lb1', 'outside 203.0.113.7'],
  ])('from the address %s to %s is asked by %s', (from, to, by) => {
    expect(asker(smallest, from, to)).toBe(by);
    expect(outcome(smallest, from, to)).toBe('delivered');
  });

  it('leaves a hypervisor by the network of its address, and by no VLAN of the bridge', () => {
    const cluster = compileText(
      SMALLEST.replace('{ uplink: enp4s0f1,', '{ kind: openvswitch, uplink: enp4s0f1,')
        .replace('router: 192.168.0.1 ', 'router: { ip: 198.51.100.1, owner: outside, onLink: true } ')
        .replace(/kube: .*/, 'kube: { cidr: 10.17.4.0/24, bridge: br0, mode: bridge, vlan: 10 }'),
    );
    const question = questionOf(cluster, 'kvm1', '8.8.8.8');
    if ('problem' in question) throw new Error(question.problem);
    expect(describeReach(question, reach(cluster, question))).toContain(`kvm1 to 8.8.8.8, ping: delivered
  kvm1     192.168.0.40 > 8.8.8.8  on lan by 198.51.100.1
`);
  });

  it('between two hypervisors goes by both', () => {
    const pair = compileText(TWO_HOSTS);
    expect(outcome(pair, 'master1', 'master2:2380')).toBe('delivered');
    expect(outcome(pair, 'master1', 'master2:22')).toBe(
      'the firewall of kvm1 refuses it: no flow lets it pass (networks.lan.mode)',
    );
  });
});

describe('a model that rules refuse', () => {
  const changed = (...changes: readonly (readonly [string, string])[]) =>
    compileText(changes.reduce((text, [from, to]) => text.replace(from, to), SMALLEST));

  it('has an address that is sent to nobody, or one that is taken for everybody', () => {
    const [elsewhere, last] = ['10.17.5.24', '10.17.4.255'].map((ip) => changed(['10.17.4.24', ip]));
    expect(outcome(elsewhere ?? smallest, 'lb1', '10.17.5.24')).toContain('the router of "lan" has no route');
    expect(outcome(elsewhere ?? smallest, 'worker1', 'master1')).toContain('worker1 has no route');
    expect(outcome(last ?? smallest, 'master1', 'worker1')).toBe(
      '10.17.4.255 is the broadcast address of 10.17.4.0/24 (networks.kube.cidr)',
    );
  });

  it('has an address at two sites, of which the first one gets the answers', () => {
    const sites = clusterOf('test/cases/ok/same-range-at-two-sites/cluster.yaml');
    expect(outcome(sites, 'north', '8.8.8.8')).toBe('delivered');
    expect(outcome(sites, 'south', '8.8.8.8')).toBe(
      'the answer goes to north, which has 192.168.0.40, too (hypervisors.north)',
    );
  });

  it('has a router that is a guest, and so not outside', () => {
    const guest = changed(['ip: 192.168.0.51', 'ip: 192.168.0.1']);
    expect(outcome(guest, 'lb1', '8.8.8.8')).toBe(
      'lb2 gets a packet for 8.8.8.8 and passes nothing on (nodes.lb2)',
    );
    expect(outcome(guest, 'lb2', '8.8.8.8')).toContain('nobody on "lan" has 8.8.8.8');
  });

  it('has a virtual IP of another range than its holder, who is then on the link of that one', () => {
    const cluster = clusterOf('test/tools/reach/cases/a-virtual-ip-of-another-range.yaml');
    expect(asker(cluster, 'lb1', 'master1')).toBe('lb1 10.17.4.55');
    expect(asker(cluster, 'master1', 'lb1')).toBe('master1 10.17.4.21');
  });

  // Linux answers there for all of its addresses, as packets-in-a-circle and others in test/tools/reach/cases show.
  it('has ranges in each other, where the hypervisor answers for its address in the other one', () => {
    const inner = changed([
      'nodes:',
      '  store: { cidr: 10.17.4.128/25, bridge: virbr_store, mode: open }\n\nnodes:',
    ]);
    expect(outcome(inner, 'master1', '10.17.4.129')).toBe('delivered');
  });

  it('has a node with the address of another network, whose routes Linux does not take', () => {
    const moved = changed([
      'worker1: { role: worker, network: kube, ip: 10.17.4.24 }',
      'worker1: { role: worker, nics: { eth0: { network: lan, ip: 10.99.0.13 }, eth1: { network: kube, ip: 10.17.4.24 } } }',
    ]);
    expect(outcome(moved, 'master1', 'worker1')).toContain('has no route to');
    expect(outcome(moved, 'worker1', 'master1')).toBe('delivered');
  });
});

describe('a question', () => {
  it.each([
    ['nobody', 'api', 'there is no node, virtual IP or hypervisor "nobody"'],
    ['api', 'lb1', 'a virtual IP asks nothing; ask from one of its members: lb1, lb2'],
    ['lb1', 'internet', '"internet" is no single address: name one of it, for example 8.8.8.8'],
    ['127.0.0.1', 'lb1', '127.0.0.1 is a loopback address: no machine has it to itself'],
    ['lb1', '127.1.2.3', '127.1.2.3 is a loopback address'],
    ['lb1', '0.0.0.0', '0.0.0.0 is reserved'],
    ['lb1', '224.0.0.18', '224.0.0.18 is a multicast address'],
    ['240.0.0.1', 'lb1', '240.0.0.1 is reserved'],
    ['lb1', '255.255.255.255', '255.255.255.255 is reserved'],
    ['lb1', '10.17.4.0', '10.17.4.0 is the network address of 10.17.4.0/24'],
    ['192.168.0.255', 'lb1', '192.168.0.255 is the broadcast address of 192.168.0.0/24'],
    ['lb1', 'mastr1', 'did you mean "master1"?'],
    ['lb1', 'master1:http', '"http" is no port'],
    ['lb1', 'master1:1-2', '"1-2" is no port'],
    ['lb1', 'master1:22:23', 'is not of the form NAME:PORT/PROTOCOL'],
  ])('from %s to %s: %s', (from, to, problem) => {
    const question = questionOf(smallest, from, to);
    expect('problem' in question && question.problem).toContain(problem);
  });
});

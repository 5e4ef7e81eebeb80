import { describe, expect, it } from 'vitest';
import { compileText, SMALLEST, TWO_HOSTS } from '../../test/support/compile.ts';
import { inProject } from '../../test/support/paths.ts';
import { compileModel } from '../pipeline.ts';
import type { Cluster } from '../resolve/cluster.ts';
import { describeReach } from './describe-reach.ts';
import { questionOf } from './ends.ts';
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
      'the firewall of virtualizacion-server refuses it: no flow lets it pass (firewall)',
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
    ['worker1', 'kvm1:22', 'the firewall of kvm1 refuses it: no flow lets it pass (firewall)'],
    ['kvm1', 'worker1:22', 'delivered'],
    ['worker1', 'lb1:22', 'the firewall of kvm1 refuses it: no flow lets it pass (firewall)'],
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

  it('between two hypervisors goes by both', () => {
    const pair = compileText(TWO_HOSTS);
    expect(outcome(pair, 'master1', 'master2:2380')).toBe('delivered');
    expect(outcome(pair, 'master1', 'master2:22')).toBe(
      'the firewall of kvm1 refuses it: no flow lets it pass (firewall)',
    );
  });
});

describe('a question', () => {
  it.each([
    ['nobody', 'api', 'there is no node, virtual IP or hypervisor "nobody"'],
    ['lb1', 'mastr1', 'did you mean "master1"?'],
    ['lb1', 'master1:http', '"http" is no port'],
    ['lb1', 'master1:1-2', '"1-2" is no port'],
    ['lb1', 'master1:22:23', 'is not of the form NAME:PORT/PROTOCOL'],
  ])('from %s to %s: %s', (from, to, problem) => {
    const question = questionOf(smallest, from, to);
    expect('problem' in question && question.problem).toContain(problem);
  });
});

import { describe, expect, it } from 'vitest';
import { compileText, mistakesIn, SMALLEST } from '../../test/support/compile.ts';
import { failedChecks } from './failed-checks.ts';

/** `worker1 > api: firewall` for each connection that was tried and failed. */
function failedIn(more: string): string[] {
  const text = SMALLEST.replace(
    '\n\nvips:',
    `\n  worker2: { role: worker, network: kube, ip: 10.17.4.25 }\n\nvips:`,
  );
  return failedChecks(compileText(`${text}${more}`)).map(
    ({ from, to, stop }) => `${from.name} > ${to.name}: ${stop.cause?.by}`,
  );
}

describe('what the model says to verify and cannot succeed', () => {
  it('is tried by the first of nodes that nothing tells apart', () => {
    expect(failedIn('verify: [{ from: [worker, master], to: lb1, ports: [9100] }]\n')).toEqual([
      'worker1 > lb1: firewall',
      'master1 > lb1: firewall',
    ]);
  });

  it.each([
    ['flow', 'flows: [{ from: worker2, to: lan, ports: [9200] }]'],
    ['range of a flow', 'flows: [{ from: 10.17.4.25/32, to: lan, ports: [9200] }]'],
    ['rule', 'rules: [{ chain: forward, before: flows, rule: ip saddr 10.17.4.25 tcp dport 9200 accept }]'],
  ])('is tried by each of those that a %s names', (_what, said) => {
    expect(failedIn(`firewall: { ${said} }\nverify: [{ from: worker, to: lb1, ports: [9100] }]\n`)).toEqual([
      'worker1 > lb1: firewall',
      'worker2 > lb1: firewall',
    ]);
  });

  it('is not looked for without end', () => {
    const names = Array.from({ length: 80 }, (_, index) => `n${index}`);
    const guests = names.map(
      (name, index) => `  ${name}: { role: x, network: kube, ip: 10.17.4.${index + 30} }\n`,
    );
    const model = SMALLEST.replace('10.17.4.100-10.17.4.199', '10.17.4.200-10.17.4.250').replace(
      '\n\nvips',
      `\n${guests.join('')}\nvips`,
    );
    const flows = names.map((name) => `{ from: ${name}, to: lan, ports: [9200] }`);
    const cluster = compileText(
      `${model}firewall: { flows: [${flows.join(', ')}] }\nverify: [{ from: x, to: x, ports: [9100] }, { from: x, to: lb1, ports: [9100] }]\n`,
    );
    // 6,400 within the network come first, and all of them succeed.
    expect(failedChecks(cluster)).toEqual([]);
  });
});

describe('a DNS server', () => {
  const vault = SMALLEST.replace(
    '\n\nnodes:',
    '\n  vault: { cidr: 10.17.7.0/24, mode: isolated, bridge: virbr_vault, dns: [10.17.4.24] }\n\nnodes:',
  );
  const kept = (cards: string) =>
    mistakesIn(vault.replace('\n\nvips:', `\n  safe1: { role: safe, ${cards} }\n\nvips:`));

  it('is out of reach of a network that nothing leaves', () => {
    expect(kept('network: vault, ip: 10.17.7.51')).toEqual([
      '12:75 dns-out-of-reach: 10.17.4.24 is out of reach of "vault": libvirt lets nothing out of it (isolated)',
    ]);
  });

  it('is not, where those who ask have a second card beside it', () => {
    const second = 'eth1: { network: kube, ip: 10.17.4.51 }';
    expect(kept(`nics: { eth0: { network: vault, ip: 10.17.7.51 }, ${second} }`)).toEqual([]);
    const both = `nics: { eth0: { network: vault, ip: 10.17.7.51 }, ${second} }\n  }\n  safe2: { role: safe, network: vault, ip: 10.17.7.52`;
    expect(kept(both).map((line) => line.split(':')[1])).toEqual(['75 dns-out-of-reach']);
  });
});

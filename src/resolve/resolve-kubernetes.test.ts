import { describe, expect, it } from 'vitest';
import { compileText, SMALLEST } from '../../test/support/compile.ts';
import type { Cluster } from './cluster.ts';
import { nameOf } from './name-of.ts';

function withDatastore(datastore: string): Cluster {
  const kubernetes = `kubernetes: { distribution: k3s, datastore: { ${datastore} } }`;
  const etcd = ['etcd1', 'etcd2'].map(
    (name, index) => `  ${name}: { role: etcd, network: lan, ip: 192.168.0.6${index} }`,
  );
  const text = SMALLEST.replace('kubernetes: k3s', kubernetes).replace(
    '\nvips:',
    `${etcd.join('\n')}\n\nvips:`,
  );
  return compileText(text);
}

/** The flows and verifications that are about a datastore's ports. */
function about({ flows, verifications }: Cluster, ports: RegExp) {
  return {
    flows: flows
      .map(({ from, to, ports: of }) => `${from.map(nameOf)} > ${to.map(nameOf)}: ${of}`)
      .filter((line) => ports.test(line)),
    verifications: verifications
      .map(({ from, to, probe }) => `${nameOf(from)} > ${nameOf(to)}: ${'port' in probe ? probe.port : ''}`)
      .filter((line) => ports.test(line)),
  };
}

describe('the state of Kubernetes', () => {
  it('is in an etcd among the masters, where nothing else is said', () => {
    expect(about(compileText(SMALLEST), /: 23/)).toEqual({
      flows: ['master > master: 2379-2380'],
      verifications: [],
    });
  });

  it('is in a database that masters reach, and they talk no etcd to one another', () => {
    const cluster = withDatastore('engine: postgres, at: etcd1, password: vault_db');
    expect(about(cluster, /: (23|5432)/)).toEqual({
      flows: ['master > etcd1: 5432'],
      verifications: ['master > etcd1: 5432'],
    });
  });

  it('is in an etcd of other machines, whose members talk to each other', () => {
    expect(about(withDatastore('engine: etcd, at: etcd'), /: 23/)).toEqual({
      flows: ['master > etcd: 2379', 'etcd > etcd: 2380'],
      verifications: ['master > etcd: 2379'],
    });
  });
});

import type { Path } from '../../diagnostics/diagnostic.ts';
import { machinesOf } from '../../resolve/resolve-places.ts';
import { defineRule, type Violation } from '../rule.ts';

export const etcdMembersEven = defineRule({
  id: 'etcd-members-even',
  severity: 'warning',
  docs: {
    summary: 'etcd has an even number of members',
    why: 'A majority has to agree: of two members both, of four three. So two survive no failure, as one does, and four survive one, as three do, and each further machine is one more that can fail ([etcd, FAQ](https://etcd.io/docs/v3.5/faq/#why-an-odd-number-of-cluster-members)). Each master runs a member unless `kubernetes.datastore` is elsewhere.',
    help: 'Have one, three or five. Two masters are a good design with a datastore outside of them: say `kubernetes.datastore`.',
    fails: 'nodes:\n  master2: { role: master, network: kube, ip: 10.17.4.22 }',
    passes: `kubernetes:
  distribution: k3s
  datastore: { engine: postgres, at: database1, password: vault_datastore_password }
nodes:
  master2: { role: master, network: kube, ip: 10.17.4.22 }
  database1: { role: database, network: kube, ip: 10.17.4.31 }`,
  },
  *check({ kubernetes: { datastore }, nodes }) {
    if (datastore === undefined) {
      const masters = nodes.filter(({ roles }) => roles.includes('master'));
      const last = masters.at(-1);
      if (last === undefined) return;
      const others = masters.slice(0, -1).map(({ origin }) => ({
        at: [...origin, 'role', 'master'],
        message: 'a member, too',
      }));
      yield* judge(masters.length, [...last.origin, 'role', 'master'], others);
      return;
    }
    if (datastore.engine !== 'etcd') return;
    yield* judge(datastore.at.flatMap(machinesOf).length, ['kubernetes', 'datastore', 'at'], []);
  },
});

function* judge(count: number, at: Path, related: NonNullable<Violation['related']>): Generator<Violation> {
  if (count === 0 || count % 2 === 1) return;
  const majority = count / 2 + 1;
  yield {
    at,
    message: `etcd has ${count} members, of which ${majority} have to work: it survives no more failures than with ${count - 1}`,
    related: related.slice(0, 5),
    help:
      count === 2
        ? 'have three, or one; or keep the state in a database: `kubernetes.datastore`'
        : `have ${count + 1}, or ${count - 1}`,
  };
}

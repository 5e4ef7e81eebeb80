// Times all rules beside parsing the YAML of the same model, at three sizes, in one process: the best of some turns,
// each with a fresh cluster, because rules remember what they worked out for one.   usage: node bench/rules.mjs [turns]
import { stringify } from 'yaml';
import { rules } from '../dist/check/rules/index.js';
import { parseModel } from '../dist/load/load-model.js';
import { resolveCluster } from '../dist/resolve/resolve-cluster.js';
import { validateSchema } from '../dist/validate/validate-schema.js';

const NETWORKS = 11;
const turns = Number(process.argv[2] ?? 4);

/** A model that breaks no rule: this many guests on networks of libvirt's, every second one with a reservation. */
function modelOf(guests) {
  const numbers = Array.from({ length: NETWORKS }, (_, index) => index + 1);
  const network = (number) => ({
    ...{ cidr: `10.${number}.0.0/16`, mode: 'open', bridge: `virbr${number}` },
    dhcp: `10.${number}.240.0-10.${number}.250.255`,
  });
  const lan = { cidr: '192.168.0.0/16', mode: 'bridge', bridge: 'br0', router: '192.168.0.1' };
  const balancer = (ip) => ({ role: 'load-balancer', network: 'lan', ip });
  return {
    ...{ schemaVersion: 1, name: 'big', domain: 'kube.internal', kubernetes: 'k3s' },
    hypervisors: { kvm1: { bridges: { br0: { uplink: 'eno1', ip: '192.168.0.40' } } } },
    networks: { lan, ...Object.fromEntries(numbers.map((number) => [`kube${number}`, network(number)])) },
    nodes: {
      ...{ lb1: balancer('192.168.1.1'), lb2: balancer('192.168.1.2') },
      ...Object.fromEntries(Array.from({ length: guests }, (_, index) => guestOf(index))),
    },
    vips: { api: { ip: '192.168.2.55', members: ['lb1', 'lb2'], port: 6443, backends: 'master' } },
    firewall: {
      flows: numbers.map((number) => ({ from: 'lan', to: `kube${number}`, ports: [2000 + number] })),
    },
    verify: [{ from: 'kubernetes', to: ['api'] }],
  };
}

function guestOf(index) {
  const [number, place] = [(index % NETWORKS) + 1, Math.floor(index / NETWORKS)];
  const role = index < 3 ? 'master' : ['worker', 'storage', 'database'][index % 3];
  const ip = `10.${number}.${Math.floor(place / 200)}.${(place % 200) + 10}`;
  const octets = [index >> 16, (index >> 8) & 255, index & 255].map((octet) =>
    octet.toString(16).padStart(2, '0'),
  );
  const mac = index % 2 === 1 ? { mac: `52:54:00:${octets.join(':')}` } : {};
  return [`${role}${index}`, { role, network: `kube${number}`, ip, ...mac }];
}

function timed(work) {
  const start = performance.now();
  const result = work();
  return { result, milliseconds: performance.now() - start };
}

console.log(
  `Node ${process.version}, best of ${3 * turns}, ${3 * turns} and ${turns} turns\n\n| Nodes | parsing | rules | ratio |\n| --: | --: | --: | --: |`,
);
for (const guests of [1000, 3000, 10_000]) {
  const content = Buffer.from(stringify(modelOf(guests)));
  const best = { parsing: Number.POSITIVE_INFINITY, rules: Number.POSITIVE_INFINITY };
  // What takes milliseconds is measured more often.
  for (let turn = 0; turn < (guests < 10_000 ? 3 * turns : turns); turn += 1) {
    const parsed = timed(() => parseModel('cluster.yaml', content));
    const { cluster } = resolveCluster(validateSchema(parsed.result.document.data).model);
    const checked = timed(() => rules.flatMap(({ check }) => [...check(cluster)]));
    if (checked.result.length > 0) throw new Error(`it breaks a rule: ${checked.result[0].message}`);
    best.parsing = Math.min(best.parsing, parsed.milliseconds);
    best.rules = Math.min(best.rules, checked.milliseconds);
  }
  const { parsing, rules: all } = best;
  console.log(`| ${guests} | ${parsing.toFixed(0)} | ${all.toFixed(0)} | ${(all / parsing).toFixed(2)} |`);
}

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { compileModel } from '../src/pipeline.ts';
import { clusters } from './support/clusters.ts';
import { mistakesIn } from './support/compile.ts';
import { inProject } from './support/paths.ts';

const [reference] = clusters;
const read = (path: string) => readFileSync(join(reference.tree, path), 'utf8');

/** What libvirt had of the author's guests: name, MAC address, address. */
const GUESTS = [
  ['infra-cluster', '52:54:00:12:35:8e', '10.17.3.11'],
  ['load_balancer1', '52:54:00:3a:00:ae', '10.17.3.12'],
  ['load_balancer2', '52:54:00:fa:a1:a0', '10.17.3.13'],
  ['postgresql1', '52:54:00:ce:eb:e6', '10.17.3.14'],
  ['master1', '52:54:00:c6:ba:3c', '10.17.4.21'],
  ['master2', '52:54:00:0a:f3:77', '10.17.4.22'],
  ['master3', '52:54:00:e6:72:62', '10.17.4.23'],
  ['worker1', '52:54:00:96:a9:cb', '10.17.4.24'],
  ['worker2', '52:54:00:8e:01:97', '10.17.4.25'],
  ['worker3', '52:54:00:da:fe:c8', '10.17.4.26'],
  ['storage1', '52:54:00:12:fe:92', '10.17.4.27'],
];

describe('the output of the reference cluster', () => {
  it.each(GUESTS)('keeps the guest %s with %s and %s', (name, mac, ip) => {
    const node = name.replace('_', '-'); // a host name has no underscore
    expect(read('ansible/inventory/hosts.ini')).toMatch(new RegExp(`^${node} ansible_host=${ip}\\b`, 'm'));
    const [file = ''] = readdirSync(join(reference.tree, 'guests', node));
    const network = read(`guests/${node}/${file}`);
    expect(network).toContain(mac);
    expect(network).toContain(`${ip}/24`);
    expect(read('README.md')).toMatch(new RegExp(`^\\| ${node} .* ${ip} \\(static\\) \\| ${mac} \\|`, 'm'));
    if (node !== name) expect(read('README.md')).toMatch(new RegExp(`^\\| ${node} .*\\b${name}\\b`, 'm'));
  });

  it('has no guest twice, and none that the model does not have', () => {
    const lines = read('ansible/inventory/hosts.ini').match(/^\S+ ansible_host=10\.17\..*$/gm);
    expect(lines).toHaveLength(GUESTS.length);
  });

  it('tells K3s of the virtual IP', () => {
    expect(parse(read('kubernetes/k3s/server.yaml'))).toMatchObject({ 'tls-san': ['192.168.0.55'] });
    expect(parse(read('kubernetes/k3s/agent.yaml'))).toEqual({ server: 'https://192.168.0.55:6443' });
  });

  it('says in which order it is applied', () => {
    expect(
      read('README.md').match(
        /(?<=^ {3}(ansible-playbook playbooks|terraform -chdir=\.\.\/terraform)\/).*$/gm,
      ),
    ).toEqual([
      'setup_host_network.yml --check --diff',
      'setup_host_network.yml',
      ...['br0_network', 'nat_network_02', 'nat_network_03'].flatMap((folder) => [
        `${folder} init`,
        `${folder} apply`,
      ]),
      'install_haproxy_keepalived.yml',
      'verify_connectivity.yml',
    ]);
  });

  it('warns in its picture that a shared segment has no firewall', () => {
    expect(read('topology.svg')).toContain('Between them the firewall is advisory');
  });
});

describe.each(clusters)('the playbooks of the $name cluster', ({ tree }) => {
  it('name templates as they are on Linux', () => {
    const folder = join(tree, 'ansible/playbooks');
    const playbooks = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) =>
      path.endsWith('.yml'),
    );
    const sources = playbooks
      .flatMap((path) => readFileSync(join(folder, path), 'utf8').match(/(?<=\bsrc: )\S+\.j2$/gm) ?? [])
      .filter((source) => !source.includes('{{'));
    expect(sources).toEqual(
      expect.arrayContaining(['haproxy/haproxy.cfg.j2', 'keepalived/keepalived.conf.j2']),
    );
    expect(sources.filter((source) => !existsSync(join(folder, 'templates', source)))).toEqual([]);
  });
});

describe.each(clusters)('every file of the $name cluster', ({ tree }) => {
  it('is plain ASCII, but for the picture', () => {
    const files = readdirSync(tree, { recursive: true, withFileTypes: true }).filter(
      (entry) => entry.isFile() && entry.name !== 'topology.svg',
    );
    expect(files.length).toBeGreaterThan(30);
    for (const { parentPath, name } of files) {
      const path = join(parentPath, name);
      expect(readFileSync(path, 'latin1').match(/[^\t\n\x20-\x7e]/g), path).toBeNull();
    }
  });
});

describe('the examples', () => {
  it('all have a tree that is tested, but the one of what did not work', () => {
    const trees = readdirSync(inProject('examples')).filter((name) =>
      existsSync(inProject(`examples/${name}/generated`)),
    );
    const tested: string[] = clusters.map(({ name }) => name).filter((name) => name !== 'reference');
    expect(trees).toEqual(tested.sort());
    expect(readdirSync(inProject('examples')).filter((name) => !tested.includes(name))).toEqual([
      'seed-2025-04-22',
    ]);
  });

  it('say why the first document did not work', () => {
    const mistakes = mistakesIn(readFileSync(inProject('examples/seed-2025-04-22/cluster.yaml'), 'utf8'));
    for (const reason of [
      'network-closed: libvirt refuses every new connection into "kube_network_03" (nat), and "k8s-api-lb" needs port 6443 of "master1"',
      'vip-single-member: "api" has the one member "k8s-api-lb": when that fails, nobody holds the address',
      'interface-of-the-host: "br0" is a bridge of "virtualizacion-server": no network card inside a guest has that name',
    ])
      expect(mistakes).toContainEqual(expect.stringContaining(reason));
  });

  it('say what did not work as libvirt had it', () => {
    const { cluster } = compileModel(inProject('examples/seed-2025-04-22/cluster.yaml'));
    const facts = cluster?.networks.map(({ name, mode, dhcp, mac, natPorts, uuid }) =>
      [name, mode, dhcp, mac, natPorts, uuid]
        .map((fact) => String(fact ?? ''))
        .join(' ')
        .trim(),
    );
    expect(facts?.map((line) => line.replaceAll(/ +/g, ' '))).toEqual([
      'kube_network_01 bridge ef95b3eb-1894-4037-ae14-28b860c1ffd3',
      'kube_network_02 nat 10.17.3.2-10.17.3.254 52:54:00:ac:d2:81 1024-65535 04a26109-95ab-4774-b4ba-fe4b34e5062b',
      'kube_network_03 nat 10.17.4.2-10.17.4.254 52:54:00:04:40:c6 1024-65535 581caddf-b500-49f0-b758-0a21e033751d',
    ]);
  });
});

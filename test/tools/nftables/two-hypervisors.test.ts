import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { buildTree } from '../../support/clusters.ts';
import { inProject } from '../../support/paths.ts';
import { requireTools } from '../../support/require-tools.ts';
import { guestOf, type Host, hypervisorOf, type Lab, makeTriesBetween } from './hypervisors-lab.ts';
import { REFUSED, tryOf } from './segment-lab.ts';

const example = inProject('examples/two-hypervisors');
const TOOLS = ['nft', 'unshare', 'ip', 'ss', 'ping'];

/** Of the LAN's machines that are no nodes, these know the way to the cluster, and its router does not. */
const WAYS = [
  { to: '10.17.4.0/24', via: '192.168.0.41' },
  { to: '10.17.6.0/24', via: '192.168.0.41' },
  { to: '10.17.5.0/24', via: '192.168.0.42' },
];
const outsiders: Host[] = [
  { name: 'controller', cards: [{ at: 'lan', addresses: ['192.168.0.10/24'], routes: WAYS }] },
  { name: 'client', cards: [{ at: 'lan', addresses: ['192.168.0.77/24'], routes: WAYS }] },
  { name: 'router', cards: [{ at: 'lan', addresses: ['192.168.0.1/24', '203.0.113.1/32'] }] },
  {
    name: 'other',
    cards: [
      {
        at: 'kvm2.virbr0',
        addresses: ['192.168.122.10/24'],
        routes: [{ to: '0.0.0.0/0', via: '192.168.122.1' }],
      },
    ],
  },
];

/** The example with lb1 holding the VIP, and libvirt's own network on kvm2. */
function labOf(tree: string): Lab {
  const lb1 = guestOf(tree, 'lb1', 'kvm1.br0');
  return {
    switches: { eno1: 'lan', eno2: 'san' },
    hypervisors: [
      hypervisorOf(tree, 'kvm1', [{ name: 'virbr_kube', addresses: ['10.17.4.1/24'] }]),
      hypervisorOf(tree, 'kvm2', [
        { name: 'virbr_kube', addresses: ['10.17.5.1/24'] },
        { name: 'virbr0', addresses: ['192.168.122.1/24'] },
      ]),
    ],
    hosts: [
      {
        ...lb1,
        cards: lb1.cards.map((card) => ({ ...card, addresses: [...card.addresses, '192.168.0.55/32'] })),
      },
      guestOf(tree, 'lb2', 'kvm2.br0'),
      guestOf(tree, 'master1', 'kvm1.virbr_kube'),
      guestOf(tree, 'worker1', 'kvm1.virbr_kube'),
      guestOf(tree, 'master2', 'kvm2.virbr_kube'),
      guestOf(tree, 'worker2', 'kvm2.virbr_kube'),
      guestOf(tree, 'storage1', 'kvm1.virbr_kube', 'kvm1.br1'),
      guestOf(tree, 'storage2', 'kvm2.virbr_kube', 'kvm2.br1'),
      ...outsiders,
    ],
  };
}

type Rows = readonly (readonly [string, string])[];

/** Each row: who tries what, and what the other side saw or what came back. */
const ROWS: Readonly<Record<string, Rows>> = {
  'between their networks what kubeadm and Calico need, with its own address, and nothing else': [
    ['worker1 tcp 10.17.5.32 10250', '10.17.4.31'],
    ['worker2 tcp 10.17.4.31 10250', '10.17.5.32'],
    ['worker1 udp 10.17.5.32 4789', '10.17.4.31'],
    ['worker2 udp 10.17.4.31 4789', '10.17.5.32'],
    ['worker1 tcp 10.17.5.32 179', '10.17.4.31'],
    ['worker2 tcp 10.17.4.21 5473', '10.17.5.32'],
    ['storage1 tcp 10.17.5.32 10250', '10.17.4.41'],
    ['worker1 tcp 10.17.5.22 6443', '10.17.4.31'],
    ['master1 tcp 10.17.5.22 2379', '10.17.4.21'],
    ['master2 tcp 10.17.4.21 2379', '10.17.5.22'],
    ['worker1 ping 10.17.5.32', 'pong'],
    ['worker1 tcp 10.17.5.22 2379', REFUSED],
    ['worker2 tcp 10.17.4.21 2379', REFUSED],
    ['worker1 tcp 10.17.5.32 22', REFUSED],
    ['worker1 tcp 10.17.5.32 6443', REFUSED],
    ['worker2 udp 10.17.4.31 53', REFUSED],
    // Inside a network, and over the cable between the two, there is no firewall.
    ['worker1 tcp 10.17.4.21 22', '10.17.4.31'],
    ['storage1 tcp 10.17.6.42 80', '10.17.6.41'],
    ['storage2 tcp 10.17.6.41 80', '10.17.6.42'],
  ],
  'the members of the VIP to masters on both, everybody to the VIP, and guests out by their own hypervisor': [
    ['lb1 tcp 10.17.4.21 6443', '192.168.0.51'],
    ['lb1 tcp 10.17.5.22 6443', '192.168.0.51'],
    ['lb2 tcp 10.17.4.21 6443', '192.168.0.52'],
    ['lb2 tcp 10.17.5.22 6443', '192.168.0.52'],
    ['lb1 ping 10.17.5.22', 'pong'],
    ['lb1 tcp 192.168.0.52 22', '192.168.0.51'],
    ['lb1 tcp 10.17.5.22 22', REFUSED],
    ['lb2 tcp 10.17.4.31 6443', REFUSED],
    ['worker1 tcp 192.168.0.55 6443', '10.17.4.31'],
    ['worker2 tcp 192.168.0.55 6443', '10.17.5.32'],
    ['storage2 tcp 192.168.0.55 6443', '10.17.5.42'],
    ['worker1 tcp 192.168.0.52 22', REFUSED],
    ['worker2 tcp 192.168.0.51 22', REFUSED],
    ['worker1 tcp 203.0.113.1 80', '192.168.0.41'],
    ['worker2 tcp 203.0.113.1 80', '192.168.0.42'],
    ['worker2 udp 203.0.113.1 53', '192.168.0.42'],
    ['storage2 tcp 203.0.113.1 80', '192.168.0.42'],
    ['worker1 tcp 192.168.0.77 80', REFUSED],
    ['worker2 tcp 192.168.0.77 80', REFUSED],
  ],
  'the controller to everybody by SSH, the hypervisors what a flow says, and no stranger': [
    ['controller tcp 10.17.4.21 22', '192.168.0.10'],
    ['controller tcp 10.17.5.32 22', '192.168.0.10'],
    ['controller tcp 10.17.4.41 22', '192.168.0.10'],
    ['controller tcp 192.168.0.52 22', '192.168.0.10'],
    ['controller tcp 192.168.0.41 22', '192.168.0.10'],
    ['controller tcp 192.168.0.42 22', '192.168.0.10'],
    ['controller tcp 10.17.5.22 6443', REFUSED],
    // kvm1 is the router of the network on the cable, and guards what it opens to it.
    ['kvm2 tcp 10.17.6.1 22', '10.17.6.2'],
    ['kvm2 tcp 10.17.6.1 80', REFUSED],
    ['kvm1 tcp 10.17.6.2 22', '10.17.6.1'],
    ['kvm1 tcp 10.17.4.21 80', '10.17.4.1'],
    ['kvm1 tcp 10.17.5.22 22', REFUSED],
    ['kvm2 tcp 10.17.4.21 22', REFUSED],
    ['worker1 ping 10.17.5.1', 'pong'],
    ['worker1 tcp 10.17.5.1 22', REFUSED],
    ['worker1 tcp 192.168.0.42 22', REFUSED],
    ['worker2 tcp 10.17.5.1 22', REFUSED],
    ['worker2 tcp 10.17.5.1 53', '10.17.5.32'],
    ['worker2 tcp 10.17.4.1 53', REFUSED],
    ['client tcp 10.17.4.21 6443', REFUSED],
    ['client tcp 10.17.5.22 6443', REFUSED],
    ['client tcp 10.17.5.22 22', REFUSED],
    ['client ping 10.17.5.22', 'no pong'],
    ['other tcp 10.17.5.22 6443', REFUSED],
    // What is none of ours.
    ['client tcp 192.168.0.52 22', '192.168.0.77'],
    ['client tcp 192.168.0.42 22', '192.168.0.77'],
    ['other tcp 192.168.122.1 22', '192.168.122.10'],
  ],
};

async function resultsOf(lab: Lab, rows: Rows): Promise<Rows> {
  const results = await makeTriesBetween(
    lab,
    rows.map(([text]) => tryOf(text)),
  );
  return rows.map(([text], index) => [text, results[index] ?? '']);
}

describe.each([{ bridgeNetfilter: false }, { bridgeNetfilter: true }])(
  'with br_netfilter $bridgeNetfilter, two hypervisors let pass',
  (setting) => {
    // All tries are made in one lab, once a test needs them.
    let pending: Promise<Rows> | undefined;
    const results = () => {
      pending ??= resultsOf({ ...labOf(join(example, 'generated')), ...setting }, Object.values(ROWS).flat());
      return pending;
    };

    it.for(Object.entries(ROWS))('%s', async ([, rows], context) => {
      requireTools(context, TOOLS, { root: true });
      const tried = rows.map(([text]) => text);
      expect((await results()).filter(([text]) => tried.includes(text))).toEqual(rows);
    });
  },
);

describe('a hypervisor that Ansible runs on', () => {
  it('reaches the guests of both and the other hypervisor by SSH, which the other one does not', async (context) => {
    requireTools(context, TOOLS, { root: true });
    const text = readFileSync(join(example, 'cluster.yaml'), 'utf8');
    const model = join(mkdtempSync(join(tmpdir(), 'two-hypervisors-')), 'cluster.yaml');
    writeFileSync(model, text.replace('controller: 192.168.0.10', 'controller: kvm1'));
    const rows: Rows = [
      ['kvm1 tcp 10.17.4.31 22', '10.17.4.1'],
      ['kvm1 tcp 10.17.5.32 22', '192.168.0.41'],
      ['kvm1 tcp 10.17.5.32 80', REFUSED],
      ['kvm1 tcp 192.168.0.52 22', '192.168.0.41'],
      ['kvm1 tcp 192.168.0.42 22', '192.168.0.41'],
      ['kvm2 tcp 10.17.4.31 22', REFUSED],
      ['controller tcp 10.17.5.32 22', REFUSED],
    ];
    expect(await resultsOf(labOf(buildTree(model)), rows)).toEqual(rows);
  });
});

describe('a packet with the source of a node behind kvm1', () => {
  /** What comes back goes to the node, so packets are counted where they arrive. */
  const attempts = [
    { from: 'worker1', as: '10.17.4.31', to: '10.17.5.22', at: 'master2', packets: '1' },
    { from: 'other', as: '10.17.4.23', to: '10.17.5.22', at: 'master2', packets: '0' },
    { from: 'worker2', as: '10.17.4.41', to: '10.17.4.21', at: 'master1', packets: '0' },
    { from: 'client', as: '10.17.4.31', to: '10.17.4.21', at: 'master1', packets: '0' },
  ];
  const count = ({ at, as }: { at: string; as: string }) => `
ip netns exec ${at} nft 'add table ip seen; add chain ip seen input { type filter hook input priority 0; }'
ip netns exec ${at} nft 'add rule ip seen input ip saddr ${as} udp dport 4789 counter'`;
  const show = ({ at, as }: { at: string; as: string }) => `
ip netns exec ${at} nft list table ip seen | sed -nE 's/.*saddr ${as} .*packets ([0-9]+).*/\\1/p'`;

  it('arrives from there, and not from the other network, the LAN or a bridge that is none of ours', async (context) => {
    requireTools(context, TOOLS, { root: true });
    const { hosts, ...lab } = labOf(join(example, 'generated'));
    const spoofing = hosts.map((host): Host => {
      const { as } = attempts.slice(1).find(({ from }) => from === host.name) ?? {};
      if (as === undefined) return host;
      return {
        ...host,
        cards: host.cards.map((card) => ({ ...card, addresses: [...card.addresses, `${as}/32`] })),
      };
    });
    const tries = attempts.map(({ from, as, to }) => ({ from, as, to, how: 'udp' as const, port: 4789 }));
    const lines = await makeTriesBetween({ ...lab, hosts: spoofing }, tries, {
      before: attempts.map(count).join(''),
      after: attempts.map(show).join(''),
    });
    expect(lines.slice(attempts.length)).toEqual(attempts.map(({ packets }) => packets));
  });
});

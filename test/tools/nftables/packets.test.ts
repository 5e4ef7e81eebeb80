import { describe, expect, it } from 'vitest';
import { clusters } from '../../support/clusters.ts';
import { requireTools } from '../../support/require-tools.ts';
import { guestsOf, hypervisorOf, type Lab, type Machine, makeTries, REFUSED, tryOf } from './segment-lab.ts';

const [reference, smallest, haPair, , openNetworks] = clusters;
const TOOLS = ['nft', 'unshare', 'ip', 'ss', 'ping'];

/** Somebody on the LAN who knows the way to the cluster, the LAN's router, and a guest on a network that is none of ours. */
const strangers: Machine[] = [
  {
    name: 'client',
    bridge: 'br0',
    addresses: ['192.168.0.77/24'],
    routes: [{ to: '10.17.0.0/16', via: '192.168.0.40' }],
  },
  { name: 'router', bridge: 'br0', addresses: ['192.168.0.1/24', '203.0.113.1/32'], routes: [] },
  {
    name: 'other',
    bridge: 'virbr0',
    addresses: ['192.168.122.10/24'],
    routes: [{ to: '0.0.0.0/0', via: '192.168.122.1' }],
  },
];

function withVip(machine: Machine): Machine {
  return { ...machine, addresses: [...machine.addresses, '192.168.0.55/24'] };
}

const smallestHost = hypervisorOf(smallest.tree, 'kvm1');
const referenceHost = hypervisorOf(reference.tree, 'virtualizacion-server');

/** The smallest cluster, with lb1 holding the VIP and libvirt's own network beside it. */
const smallestLab: Lab = {
  ...smallestHost,
  // The second is made by libvirt with the network's router address, the third is libvirt's own.
  bridges: { ...smallestHost.bridges, virbr_kube: ['10.17.4.1/24'], virbr0: ['192.168.122.1/24'] },
  machines: [
    ...guestsOf(smallest.tree, (name) => (name.startsWith('lb') ? 'br0' : 'virbr_kube')).map((machine) =>
      machine.name === 'lb1' ? withVip(machine) : machine,
    ),
    ...strangers,
  ],
  ruleset: `${smallest.tree}/nftables/home.conf`,
};

/** The reference cluster: everybody on br0. */
const referenceLab: Lab = {
  ...referenceHost,
  bridges: { ...referenceHost.bridges, virbr0: ['192.168.122.1/24'] },
  machines: [
    ...guestsOf(reference.tree, () => 'br0')
      .filter(({ name }) =>
        ['k8s-api-lb', 'infra-cluster', 'postgresql1', 'master1', 'worker1'].includes(name),
      )
      .map((machine) => (machine.name === 'k8s-api-lb' ? withVip(machine) : machine)),
    ...strangers,
  ],
  ruleset: `${reference.tree}/nftables/flatcar-microcloud.conf`,
};

const PREFERRED: Readonly<Record<string, readonly string[]>> = {
  lb1: ['192.168.1.60/24'],
  lb2: ['192.168.1.61/24'],
};

/** The pair of load balancers, each with the VIP that it prefers, and somebody on their LAN. */
const pairLab: Lab = {
  ...hypervisorOf(haPair.tree, 'kvm1'),
  bridges: { br0: ['192.168.1.10/24'], virbr_kube: ['10.17.4.1/24'] },
  machines: [
    ...guestsOf(haPair.tree, (name) => (name.startsWith('lb') ? 'br0' : 'virbr_kube')).map((machine) => ({
      ...machine,
      addresses: [...machine.addresses, ...(PREFERRED[machine.name] ?? [])],
    })),
    {
      name: 'worker1',
      bridge: 'virbr_kube',
      addresses: ['10.17.4.31/24'],
      routes: [{ to: '0.0.0.0/0', via: '10.17.4.1' }],
    },
    {
      name: 'client',
      bridge: 'br0',
      addresses: ['192.168.1.77/24'],
      routes: [{ to: '10.17.4.0/24', via: '192.168.1.10' }],
    },
  ],
  ruleset: `${haPair.tree}/nftables/ha-pair.conf`,
};

const HELD: Readonly<Record<string, readonly string[]>> = {
  'k8s-api-lb': ['192.168.0.55/24'],
  'k8s-api-lb2': ['192.168.0.56/24'],
};

/** A guest that has its address by DHCP on a network of libvirt's own. */
function leasedGuest(name: string, bridge: string, ip: string, router: string): Machine {
  return { name, bridge, addresses: [`${ip}/24`], routes: [{ to: '0.0.0.0/0', via: router }] };
}

/** The recommended form: each load balancer with a VIP, a guest of each role, and strangers. */
const openLab: Lab = {
  ...hypervisorOf(openNetworks.tree, 'virtualizacion-server'),
  bridges: {
    br0: ['192.168.0.40/24'],
    virbr_kube02: ['10.17.3.1/24'],
    virbr_kube03: ['10.17.4.1/24'],
    virbr0: ['192.168.122.1/24'],
  },
  machines: [
    ...guestsOf(openNetworks.tree, () => 'br0').map((machine) => ({
      ...machine,
      addresses: [...machine.addresses, ...(HELD[machine.name] ?? [])],
    })),
    leasedGuest('infra-cluster', 'virbr_kube02', '10.17.3.11', '10.17.3.1'),
    leasedGuest('load-balancer1', 'virbr_kube02', '10.17.3.12', '10.17.3.1'),
    leasedGuest('postgresql1', 'virbr_kube02', '10.17.3.14', '10.17.3.1'),
    leasedGuest('master1', 'virbr_kube03', '10.17.4.21', '10.17.4.1'),
    leasedGuest('worker1', 'virbr_kube03', '10.17.4.24', '10.17.4.1'),
    ...strangers,
  ],
  ruleset: `${openNetworks.tree}/nftables/open-networks.conf`,
};

/** Each row: who tries what, and what the other side saw or what came back. */
async function expectAll(lab: Lab, rows: readonly (readonly [string, string])[]): Promise<void> {
  const results = await makeTries(
    lab,
    rows.map(([text]) => tryOf(text)),
  );
  expect(rows.map(([text], index) => [text, results[index]])).toEqual(rows);
}

describe.each([{ bridgeNetfilter: false }, { bridgeNetfilter: true }])(
  'with br_netfilter $bridgeNetfilter',
  (setting) => {
    it('the smallest cluster lets pass what K3s needs, and nothing else', async (context) => {
      requireTools(context, TOOLS, { root: true });
      await expectAll({ ...smallestLab, ...setting }, [
        ['lb1 tcp 10.17.4.21 6443', '192.168.0.50'],
        ['lb2 tcp 10.17.4.21 6443', '192.168.0.51'],
        ['lb1 tcp 10.17.4.21 22', REFUSED],
        ['lb1 tcp 10.17.4.24 6443', REFUSED],
        ['client tcp 10.17.4.21 6443', REFUSED],
        ['client ping 10.17.4.21', 'no pong'],
        ['lb1 ping 10.17.4.21', 'pong'],
        // Our own nodes on the LAN see who it really is; strangers there and beyond see the hypervisor.
        ['worker1 tcp 192.168.0.55 6443', '10.17.4.24'],
        ['worker1 tcp 192.168.0.50 22', REFUSED],
        ['worker1 tcp 192.168.0.77 80', REFUSED],
        ['worker1 tcp 203.0.113.1 80', '192.168.0.40'],
        ['worker1 udp 203.0.113.1 53', '192.168.0.40'],
        ['worker1 ping 192.168.0.77', 'pong'],
        // Inside one network, and what libvirt serves there.
        ['worker1 tcp 10.17.4.21 22', '10.17.4.24'],
        ['worker1 tcp 10.17.4.1 53', '10.17.4.24'],
        ['worker1 udp 10.17.4.1 53', '10.17.4.24'],
        ['worker1 tcp 10.17.4.1 22', REFUSED],
        ['worker1 tcp 192.168.0.40 22', REFUSED],
        // What is none of ours.
        ['client tcp 192.168.0.40 22', '192.168.0.77'],
        ['client tcp 192.168.0.50 22', '192.168.0.77'],
        ['lb1 tcp 192.168.0.51 22', '192.168.0.50'],
        ['other tcp 192.168.122.1 22', '192.168.122.10'],
        ['hypervisor tcp 10.17.4.1 22', '10.17.4.1'],
        ['hypervisor tcp 10.17.4.21 22', '10.17.4.1'],
      ]);
    });

    it('the pair of load balancers reaches the NodePorts and the masters, who find both virtual IPs', async (context) => {
      requireTools(context, TOOLS, { root: true });
      await expectAll({ ...pairLab, ...setting }, [
        ['lb1 tcp 10.17.4.31 30080', '192.168.1.51'],
        ['lb2 tcp 10.17.4.31 30443', '192.168.1.52'],
        ['lb2 tcp 10.17.4.22 6443', '192.168.1.52'],
        ['lb1 tcp 10.17.4.21 30080', REFUSED],
        ['lb1 tcp 10.17.4.31 80', REFUSED],
        ['client tcp 10.17.4.31 30080', REFUSED],
        ['client tcp 192.168.1.61 443', '192.168.1.77'],
        ['worker1 tcp 192.168.1.60 6443', '10.17.4.31'],
        ['worker1 tcp 192.168.1.61 443', '10.17.4.31'],
        ['master1 tcp 192.168.1.61 80', '10.17.4.21'],
        ['worker1 tcp 192.168.1.61 6443', REFUSED],
        ['worker1 tcp 192.168.1.52 443', REFUSED],
      ]);
    });

    it('the reference cluster routes between its networks on one bridge only what a flow says', async (context) => {
      requireTools(context, TOOLS, { root: true });
      await expectAll({ ...referenceLab, ...setting }, [
        ['k8s-api-lb tcp 10.17.4.21 6443', '192.168.0.50'],
        ['k8s-api-lb tcp 10.17.4.21 22', REFUSED],
        ['k8s-api-lb tcp 10.17.3.11 53', '192.168.0.50'],
        ['k8s-api-lb tcp 10.17.3.14 80', REFUSED],
        // "kubectl straight to a master", and nowhere else.
        ['client tcp 10.17.4.21 6443', '192.168.0.77'],
        ['client tcp 10.17.4.21 22', REFUSED],
        ['client tcp 10.17.4.24 6443', REFUSED],
        ['client tcp 10.17.3.11 53', REFUSED],
        ['client udp 10.17.3.11 53', REFUSED],
        ['client ping 10.17.3.11', 'no pong'],
        // The five targets of the second seed, from a master.
        ['master1 ping 192.168.0.50', 'pong'],
        ['master1 ping 10.17.3.11', 'pong'],
        ['master1 ping 192.168.0.1', 'pong'],
        ['master1 ping 203.0.113.1', 'pong'],
        ['master1 tcp 192.168.0.55 6443', '10.17.4.21'],
        // The cluster's networks trust one another, see each other's addresses, and go out as the hypervisor.
        ['master1 tcp 10.17.3.14 80', '10.17.4.21'],
        ['postgresql1 tcp 10.17.4.24 22', '10.17.3.14'],
        ['master1 tcp 203.0.113.1 80', '192.168.0.40'],
        ['postgresql1 tcp 192.168.0.77 80', '192.168.0.40'],
        ['master1 tcp 10.17.4.24 80', '10.17.4.21'],
        ['master1 tcp 192.168.0.40 22', REFUSED],
        ['client tcp 192.168.0.40 22', '192.168.0.77'],
      ]);
    });

    it('the open networks do not trust one another: from one to the other goes what a flow says', async (context) => {
      requireTools(context, TOOLS, { root: true });
      await expectAll({ ...openLab, ...setting }, [
        // The members of the VIPs reach what is behind them, and are seen there as they are.
        ['k8s-api-lb tcp 10.17.4.21 6443', '192.168.0.50'],
        ['k8s-api-lb2 tcp 10.17.4.21 6443', '192.168.0.51'],
        ['k8s-api-lb2 tcp 10.17.3.12 80', '192.168.0.51'],
        ['k8s-api-lb tcp 10.17.3.12 443', '192.168.0.50'],
        ['k8s-api-lb tcp 10.17.3.12 22', REFUSED],
        ['k8s-api-lb tcp 10.17.4.21 22', REFUSED],
        ['k8s-api-lb tcp 10.17.4.24 30080', REFUSED],
        ['k8s-api-lb tcp 10.17.3.14 5432', REFUSED],
        // The database is for Kubernetes, NodePorts are for the ingress controllers, DNS and time for all nodes.
        ['master1 tcp 10.17.3.14 5432', '10.17.4.21'],
        ['worker1 tcp 10.17.3.14 5432', '10.17.4.24'],
        ['load-balancer1 tcp 10.17.4.24 30080', '10.17.3.12'],
        ['load-balancer1 tcp 10.17.4.24 30443', '10.17.3.12'],
        ['worker1 udp 10.17.3.11 53', '10.17.4.24'],
        ['worker1 tcp 10.17.3.11 53', '10.17.4.24'],
        ['worker1 udp 10.17.3.11 123', '10.17.4.24'],
        ['k8s-api-lb2 udp 10.17.3.11 53', '192.168.0.51'],
        ['k8s-api-lb2 udp 10.17.3.11 123', '192.168.0.51'],
        // Nothing else between the two networks but a ping.
        ['worker1 tcp 10.17.3.14 22', REFUSED],
        ['worker1 tcp 10.17.3.12 80', REFUSED],
        ['worker1 tcp 10.17.3.11 5432', REFUSED],
        ['worker1 udp 10.17.3.14 53', REFUSED],
        ['load-balancer1 tcp 10.17.4.24 22', REFUSED],
        ['load-balancer1 tcp 10.17.4.21 30080', REFUSED],
        ['load-balancer1 tcp 10.17.4.21 6443', REFUSED],
        ['infra-cluster tcp 10.17.4.24 30080', REFUSED],
        ['infra-cluster udp 10.17.4.24 53', REFUSED],
        ['postgresql1 tcp 10.17.4.24 443', REFUSED],
        ['postgresql1 ping 10.17.4.24', 'pong'],
        ['worker1 tcp 10.17.3.1 22', REFUSED],
        // Inside one network the firewall has no say.
        ['load-balancer1 tcp 10.17.3.14 5432', '10.17.3.12'],
        // The virtual IPs: one for the API, one for what the LAN is to reach.
        ['worker1 tcp 192.168.0.55 6443', '10.17.4.24'],
        ['worker1 tcp 192.168.0.50 22', REFUSED],
        ['load-balancer1 tcp 192.168.0.55 6443', REFUSED],
        ['client tcp 192.168.0.56 443', '192.168.0.77'],
        // Out as the hypervisor, with which the LAN's router can talk.
        ['worker1 tcp 203.0.113.1 80', '192.168.0.40'],
        ['postgresql1 udp 203.0.113.1 53', '192.168.0.40'],
        ['infra-cluster udp 192.168.0.1 53', '192.168.0.40'],
        ['worker1 udp 192.168.0.1 53', REFUSED],
        ['worker1 tcp 192.168.0.77 80', REFUSED],
        // A stranger on the LAN.
        ['client tcp 10.17.4.21 6443', REFUSED],
        ['client tcp 10.17.3.12 80', REFUSED],
        ['client tcp 10.17.3.14 5432', REFUSED],
        ['client udp 10.17.3.11 53', REFUSED],
        ['client ping 10.17.4.21', 'no pong'],
      ]);
    });
  },
);

/** The comments of the rules that have dropped a packet because of its source address. */
const SPOOFED = `nft list ruleset | sed -nE 's/.*packets [1-9].* comment "(spoofed: .*)"$/\\1/p'`;

describe('a spoofed source address', () => {
  const holding = (lab: Lab, name: string, address: string): Lab => ({
    ...lab,
    machines: lab.machines.map((machine) =>
      machine.name === name ? { ...machine, addresses: [...machine.addresses, `${address}/32`] } : machine,
    ),
  });

  it.for([
    {
      what: 'of nobody, from a network with a bridge of its own',
      lab: smallestLab,
      from: 'worker1',
      rule: 'not of kube',
      as: '10.9.9.9',
      to: '203.0.113.1',
      port: 80,
    },
    {
      what: "of a node's, from the LAN",
      lab: smallestLab,
      from: 'client',
      rule: 'not from kube',
      as: '10.17.4.24',
      to: '10.17.4.21',
      port: 6443,
    },
    {
      what: "of a node's, from a bridge that is none of ours",
      lab: referenceLab,
      from: 'other',
      rule: 'not from kube_network_02',
      as: '10.17.3.11',
      to: '10.17.4.21',
      port: 80,
    },
    {
      what: 'of the other network',
      lab: openLab,
      rule: 'not of kube_network_02',
      from: 'load-balancer1',
      as: '10.17.4.24',
      to: '10.17.4.21',
      port: 6443,
    },
    {
      what: 'that the database would let in, from the LAN',
      lab: openLab,
      from: 'client',
      rule: 'not from kube_network_03',
      as: '10.17.4.24',
      to: '10.17.3.14',
      port: 5432,
    },
  ])('$what, is dropped', async ({ lab, rule, ...attempt }, context) => {
    requireTools(context, TOOLS, { root: true });
    const tries = [{ ...attempt, how: 'tcp' as const }];
    // Silence alone says little: an answer would go to whom the address belongs to.
    const results = await makeTries(holding(lab, attempt.from, attempt.as), tries, SPOOFED);
    expect(results).toEqual(['silence', `spoofed: ${rule}`]);
  });
});

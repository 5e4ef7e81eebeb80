import { renderCluster } from '../../../../src/pipeline.ts';
import type { Cluster } from '../../../../src/resolve/cluster.ts';
import { whyNot } from './connect.ts';
import { brokenInvariants } from './invariants.ts';
import { type Requirement, requirementsOf } from './requirements.ts';
import { buildWorld, type World } from './world.ts';

/** What does not work in a cluster, by what it is; independent of the rules, which it must not know. */
export type Complaints = ReadonlyMap<string, string>;

/** What the files of a cluster say about its networks. */
const RENDERERS = ['node-vars', 'hypervisor-vars', 'cloud-init-guests', 'networkd-guests', 'firewall'];

/** Sends a packet for each thing that has to work through the machines that the files make, with each VIP at each member. */
export async function complaintsAbout(cluster: Cluster): Promise<Complaints> {
  const files = (await Promise.all(RENDERERS.map((id) => renderCluster(cluster, 'cluster.yaml', id)))).flat();
  const turns = Math.max(1, ...cluster.vips.map(({ members }) => members.length));
  const complaints = new Map<string, string>();
  for (let turn = 0; turn < turns; turn += 1) {
    const world = buildWorld(cluster, files, turn);
    for (const broken of brokenInvariants(world)) complaints.set(broken, broken);
    for (const requirement of requirements(cluster, world)) {
      const why = failure(world, requirement);
      if (why !== undefined) complaints.set(requirement.key, why);
    }
  }
  return complaints;
}

/** With what the guests themselves ask for names. */
function requirements(cluster: Cluster, { machines }: World): Requirement[] {
  const names = machines.flatMap(({ name, dns }) =>
    dns.map((to, index): Requirement => ({
      key: `${name} to its DNS server ${index + 1}`,
      needs: 'one',
      attempts: [{ from: name, to, protocol: 'udp', port: 53 }],
    })),
  );
  return [...requirementsOf(cluster), ...names];
}

function failure(world: World, { needs, attempts }: Requirement): string | undefined {
  let failed: string | undefined;
  for (const { from, ...attempt } of attempts) {
    const machine = world.machines.find(({ name }) => name === from);
    // How a machine that is nowhere in the model gets in is nobody's business here.
    if (machine === undefined) continue;
    const why = whyNot(world, { from: machine, ...attempt });
    if (why === undefined && needs === 'one') return undefined;
    if (why !== undefined) failed = `${from} to ${attempt.to}: ${why}`;
    if (why !== undefined && needs === 'all') return failed;
  }
  return failed;
}

import { renderCluster } from '../../../src/pipeline.ts';
import type { Artifact } from '../../../src/render/render-artifacts.ts';
import type { Cluster } from '../../../src/resolve/cluster.ts';
import type { Model } from '../../../src/validate/model.ts';
import { clusterOf } from '../resolved.ts';
import { aboutOf, unrelated } from './about.ts';
import { applyEdit, type Changed, type Edit } from './edits.ts';
import { type Unit, unitsOf } from './units.ts';

/** A model, what it means and what is made of it. */
interface State {
  readonly model: Model;
  readonly cluster: Cluster;
  readonly artifacts: readonly Artifact[];
}

/**
 * Makes one edit after the other; what any of them changes that it is not about, and how often each kind was made and
 * its lines were compared.
 */
export async function checkHistory(
  model: Model,
  edits: readonly Edit[],
  made: Map<string, number>,
): Promise<string[]> {
  let state = await stateOf(model);
  for (const edit of edits) {
    const changed = applyEdit(state.model, edit);
    if (changed === undefined) continue;
    const next = await stateOf(changed.model);
    const wrong = wrongAfter(state, next, changed);
    if (wrong.length > 0) return [edit.kind, JSON.stringify({ ...changed, model: undefined }), ...wrong];
    if (isCompared(state, changed)) made.set(edit.kind, (made.get(edit.kind) ?? 0) + 1);
    state = next;
  }
  return [];
}

async function stateOf(model: Model): Promise<State> {
  const cluster = clusterOf(model);
  return { model, cluster, artifacts: await renderCluster(cluster, 'cluster.yaml') };
}

function wrongAfter(before: State, after: State, changed: Changed): string[] {
  if (changed.renamed !== undefined)
    return [...moved(before, after, changed), ...renamedWrongly(before, after, changed.renamed)];
  const about = aboutOf(before.model, changed);
  const lines = about === undefined ? [] : unrelated(...changedUnits(before, after), about);
  const isReordered =
    changed.node === undefined && changed.network === undefined && changed.flow === undefined;
  const pictures = isReordered ? different(pictureOf(before), pictureOf(after)) : [];
  return [...moved(before, after, changed), ...lines, ...pictures];
}

function isCompared({ model }: State, changed: Changed): boolean {
  return changed.renamed !== undefined || aboutOf(model, changed) !== undefined;
}

/** The lines of the files that are not the same before and after. */
function changedUnits(before: State, after: State): [Unit[], Unit[]] {
  const textOf = ({ path, content }: Artifact) => `${path}\n${content}`;
  const [left, right] = [before, after].map(({ artifacts }) => new Set(artifacts.map(textOf)));
  return [
    unitsOf(before.artifacts.filter((artifact) => right?.has(textOf(artifact)) !== true)),
    unitsOf(after.artifacts.filter((artifact) => left?.has(textOf(artifact)) !== true)),
  ];
}

function pictureOf({ artifacts }: State): string[] {
  return artifacts.filter(({ path }) => path === 'topology.svg').map(({ content }) => content);
}

/** The old name's lines with the new name are the new lines, in another order at most; no other line changes. */
function renamedWrongly(before: State, after: State, [from, to]: readonly [string, string]): string[] {
  const inOrder = (units: readonly Unit[]) =>
    units
      .map((unit) =>
        unit
          .split(/[ ,`]+/)
          .sort()
          .join(' '),
      )
      .sort();
  const [old, current] = changedUnits(before, after);
  const renamed = old.map((unit) => unit.replaceAll(new RegExp(`(?<![\\w.-])${from}(?![\\w-])`, 'g'), to));
  return different(inOrder(renamed), inOrder(current));
}

function different(left: readonly string[], right: readonly string[]): string[] {
  const at = left.findIndex((text, index) => text !== right[index]);
  if (at === -1 && left.length === right.length) return [];
  return [`- ${left[at]?.slice(0, 300)}`, `+ ${right[at]?.slice(0, 300)}`];
}

/** The facts about everybody but what was edited that are no longer as they were. */
function moved(before: State, after: State, { node, network, renamed }: Changed): string[] {
  const [left, right] = [factsOf(before.cluster), factsOf(after.cluster)];
  const own = new Set([node, network, ...(renamed ?? [])]);
  const keys = new Set([...left.keys(), ...right.keys()].filter((name) => !own.has(name)));
  const rename = (fact: string | undefined) =>
    renamed === undefined ? fact : fact?.replaceAll(`"${renamed[0]}"`, `"${renamed[1]}"`);
  return [...keys]
    .filter((name) => rename(left.get(name)) !== right.get(name))
    .map((name) => `${name}: ${left.get(name)} is ${right.get(name)}`);
}

/** What an edit must not move of each thing, by its name. */
function factsOf({ nodes, networks, vips, hypervisors }: Cluster): Map<string, string> {
  const facts = [
    ...nodes.map((each): [string, unknown[]] => [
      each.name,
      [
        ...each.nics.flatMap((nic) => [nic.network.name, nic.ip, nic.mac, nic.addressing, nic.interface]),
        ...[each.hypervisor.name, each.os, each.user, each.aliases],
      ],
    ]),
    ...networks.map(({ subnets, router, bridges, ...each }): [string, unknown[]] => [
      each.name,
      [
        ...subnets.flatMap((subnet) => [subnet.cidr, subnet.router]),
        router.hypervisor?.name,
        each.dhcp,
        each.foreignDhcp,
        each.mac,
        ...[each.vlan, each.domain, each.natPorts, each.uuid],
        ...bridges.flatMap(({ hypervisor, name, terraform }) => [
          hypervisor.name,
          name,
          ...Object.values(terraform),
        ]),
      ],
    ]),
    ...vips.map((each): [string, unknown[]] => [
      each.name,
      [
        each.ip,
        each.vrid,
        ...each.members.flatMap(({ node, nic, priority }) => [`"${node.name}"`, nic.ip, priority]),
        ...each.frontends.flatMap(({ name, port, backends, backendPort }) => [
          name,
          port,
          backends.name,
          backendPort,
        ]),
      ],
    ]),
    ...hypervisors.map((each): [string, unknown[]] => [
      each.name,
      [each.ip, each.terraform.uri, ...each.bridges.flatMap(({ name, ip }) => [name, ip])],
    ]),
  ];
  return new Map(facts.map(([name, values]) => [name, values.map(String).join(' ')]));
}

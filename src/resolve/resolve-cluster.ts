import type { Finding } from '../diagnostics/diagnostic.ts';
import { PortRange } from '../net/port-range.ts';
import type { Model } from '../validate/model.ts';
import { checkGroups } from './check-groups.ts';
import { checkPorts } from './check-ports.ts';
import type { Cluster, Flow, Hypervisor, Place, Retired, Waiver } from './cluster.ts';
import { deriveFlows, type Parts } from './derive-flows.ts';
import { deriveVerifications } from './derive-verifications.ts';
import { Namespace } from './namespace.ts';
import { placeNetworks } from './place-networks.ts';
import { resolveFirewallRules } from './resolve-firewall-rules.ts';
import { resolveHypervisors } from './resolve-hypervisors.ts';
import { resolveKubernetes } from './resolve-kubernetes.ts';
import { resolveHaproxy, resolveKeepalived } from './resolve-load-balancing.ts';
import { resolveNetworks } from './resolve-networks.ts';
import { resolveNodes, resolveRoles } from './resolve-nodes.ts';
import { PlaceResolver } from './resolve-places.ts';
import { resolveSections } from './resolve-sections.ts';
import { resolveSegments } from './resolve-segments.ts';
import { resolveVariables } from './resolve-variables.ts';
import { resolveVips } from './resolve-vips.ts';

/** The cluster that a model says, with every default and name resolved, or what keeps it from being one. */
export function resolveCluster(model: Model): { cluster?: Cluster; findings: Finding[] } {
  const names = new Namespace(model);
  const { things, findings: placing } = resolveThings(model, names);
  const findings = [...names.findings, ...placing];
  const [hypervisor, other] = things?.hypervisors ?? [];
  if (things === undefined || hypervisor === undefined) return { findings };
  const { hypervisors, networks, roles, vips } = things;
  const { sections, ...sectionFindings } = resolveSections(model, vips);
  const haproxy = resolveHaproxy(model, sections);
  findings.push(...checkPorts(vips, haproxy), ...sectionFindings.findings);

  const places = new PlaceResolver({ names, ...things });
  const kubernetes = resolveKubernetes(model, places);
  const controller = resolveController(model, places, { kind: 'hypervisor', hypervisor });
  if (model.controller === undefined && other !== undefined) findings.push(withoutController(hypervisors));
  const parts: Parts = { kubernetes, controller, ...things };
  const said = resolveFlows(model, places);
  const verifications = deriveVerifications(parts, said, resolveVerify(model, places));
  const { rules, ...ruleFindings } = resolveFirewallRules(model, networks);
  const { variables, ...variableFindings } = resolveVariables(model, { names, roles });
  findings.push(...places.findings, ...ruleFindings.findings, ...variableFindings.findings);
  if (findings.length > 0) return { findings };
  const cluster: Cluster = {
    name: model.name,
    domain: model.domain,
    ...parts,
    keepalived: resolveKeepalived(model),
    haproxy,
    firewallPath: model.firewall?.path ?? `/etc/nftables/${model.name}.conf`,
    flows: [...deriveFlows(parts), ...said],
    firewallRules: rules,
    verifications,
    variables,
    retired: resolveRetired(model),
    waivers: resolveWaivers(model),
  };
  return { cluster, findings };
}

/** What has a name and a place. */
type Things = Pick<Cluster, 'hypervisors' | 'segments' | 'networks' | 'nodes' | 'roles' | 'vips'>;

/** Each of them is resolved with those before. Which bridges are one LAN comes first: it decides where all else is. */
function resolveThings(model: Model, names: Namespace): { things?: Things; findings: Finding[] } {
  const { segments, findings } = resolveSegments(model);
  if (findings.length > 0) return { findings };
  const { places, ...placeFindings } = placeNetworks(model, segments, names);
  const { hypervisors, ...hypervisorFindings } = resolveHypervisors(model, places);
  findings.push(...placeFindings.findings, ...hypervisorFindings.findings);
  if (hypervisors.length === 0) return { findings };
  const { networks, ...networkFindings } = resolveNetworks(model, { hypervisors, places, names });
  const { nodes, ...nodeFindings } = resolveNodes(model, { networks, hypervisors, names });
  const roles = resolveRoles(model, nodes);
  const { vips, ...vipFindings } = resolveVips(model, { nodes, roles, names });
  findings.push(...networkFindings.findings, ...nodeFindings.findings, ...vipFindings.findings);
  findings.push(...checkGroups({ networks, roles, nodes, hypervisors }));
  return { things: { hypervisors, segments, networks, nodes, roles, vips }, findings };
}

function resolveRetired({ retired = [] }: Model): Retired[] {
  return retired.map((said, index) => ({
    ...(typeof said === 'string' ? { text: said, reason: undefined } : said),
    origin: ['retired', index],
  }));
}

function resolveWaivers({ waivers = [] }: Model): Waiver[] {
  return waivers.map((waiver, index) => ({ ...waiver, origin: ['waivers', index] }));
}

function resolveController(model: Model, places: PlaceResolver, fallback: Place): Place {
  const said =
    model.controller === undefined ? undefined : places.resolveMachine(model.controller, ['controller']);
  return said ?? fallback;
}

function withoutController(hypervisors: readonly Hypervisor[]): Finding {
  const known = hypervisors.map(({ name }) => name).join(' or ');
  return {
    rule: 'missing-key',
    at: ['hypervisors'],
    part: 'key',
    message: 'there are several hypervisors, and nobody says where Ansible runs',
    help: `say \`controller\`: ${known}, a node, or the address of another machine`,
  };
}

function resolveFlows(model: Model, places: PlaceResolver): Flow[] {
  return (model.firewall?.flows ?? []).map((flow, index) => {
    const origin = ['firewall', 'flows', index];
    return {
      from: places.resolveAll(flow.from, [...origin, 'from']),
      to: places.resolveAll(flow.to, [...origin, 'to']),
      ports: (flow.ports ?? []).map(PortRange.of).sort(PortRange.compare),
      reason: flow.comment ?? '',
      origin,
    };
  });
}

function resolveVerify(model: Model, places: PlaceResolver) {
  return (model.verify ?? []).map((verification, index) => {
    const origin = ['verify', index];
    return {
      from: places.resolveAll(verification.from, [...origin, 'from']),
      to: places.resolveTargets(verification.to, [...origin, 'to']),
      ports: verification.ports ?? [],
      origin,
    };
  });
}

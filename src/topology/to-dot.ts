import { type Host, type NetworkBox, OUTSIDE, type Segment, type Topology } from './topology.ts';
import { type Way, wayEnd } from './way.ts';

/** A graph in the language of Graphviz's `dot`. */
export function toDot(topology: Topology): string {
  const lines = [
    `graph ${quote(topology.name)} {`,
    '  graph [rankdir=TB, fontname="sans-serif", labeljust=l, compound=true]',
    '  node [shape=box, style=rounded, fontname="sans-serif"]',
    '  edge [fontname="sans-serif"]',
    `  ${quote(OUTSIDE)} [shape=oval, label=${quote(OUTSIDE)}]`,
    ...topology.hosts.flatMap(hostLines),
    // A router that several hypervisors reach is there once.
    ...new Set(
      topology.hosts.flatMap((host) => host.segments.flatMap((segment) => outsideLines(host, segment))),
    ),
    ...(topology.way === undefined ? crossingLines(topology) : wayLines(topology, topology.way)),
    '}',
  ];
  return `${lines.join('\n')}\n`;
}

function hostLines(host: Host): string[] {
  return [
    `  subgraph ${quote(`cluster host ${host.name}`)} {`,
    `    label=${quote([host.name, ...host.facts].join(' '))}`,
    ...host.segments.flatMap((segment) => segmentLines(host, segment)),
    '  }',
  ];
}

function bridgeId({ name }: Host, { bridge }: Segment): string {
  return quote(`bridge ${name} ${bridge}`);
}

function segmentLines(host: Host, segment: Segment): string[] {
  const id = bridgeId(host, segment);
  const facts = [segment.bridge, segment.kind, ...(segment.ip === undefined ? [] : [segment.ip])];
  return [
    `    ${id} [shape=box3d, label=${quote(facts.join(' '))}]`,
    ...segment.networks.flatMap(networkLines),
    ...segment.networks.map((network) => `    ${id} -- ${quote(network.id)}`),
  ];
}

/** A network is a frame with a node above its machines, for the bridge, and one below them, for what crosses. */
function networkLines({ id, name, cidr, groups }: NetworkBox): string[] {
  const nodes = groups.flatMap((group) => group.nodes.map((node) => ({ ...node, roles: group.roles })));
  const vips = groups.flatMap((group) => group.vips);
  const members = groups.flatMap((group) => (group.vips.length > 0 ? group.nodes : []));
  const vipId = (vip: string) => quote(id === name ? `vip ${vip}` : `vip ${vip} ${id}`);
  return [
    `    subgraph ${quote(`cluster network ${id}`)} {`,
    `      label=""`,
    `      ${quote(id)} [shape=tab, label=${label([name, cidr])}]`,
    ...nodes.map(
      (node) => `      ${quote(`node ${node.id}`)} [label=${label([node.name, node.ip, node.roles])}]`,
    ),
    ...vips.map(({ name: vip, ip, frontends }) => {
      const ports = frontends.map(({ port, backends }) => `:${port} to ${backends}`);
      return `      ${vipId(vip)} [shape=hexagon, label=${label([`VIP ${vip}`, ip, ...ports])}]`;
    }),
    ...nodes.map((node) => `      ${quote(id)} -- ${quote(`node ${node.id}`)} [style=invis]`),
    `      ${quote(`foot ${id}`)} [shape=point]`,
    ...nodes.map((node) => `      ${quote(`node ${node.id}`)} -- ${quote(`foot ${id}`)} [style=invis]`),
    ...vips.flatMap((vip) =>
      members
        .filter((node) => vip.members.includes(node.name))
        .map((node) => `      ${vipId(vip.name)} -- ${quote(`node ${node.id}`)} [style=dotted]`),
    ),
    '    }',
  ];
}

function outsideLines(host: Host, segment: Segment): string[] {
  const bridge = bridgeId(host, segment);
  const wire = segment.uplink === undefined ? '' : ` [label=${quote(segment.uplink)}]`;
  const routers = segment.networks.filter(({ router }) => router.isOutside);
  if (routers.length === 0) {
    return segment.uplink === undefined ? [] : [`  ${quote(OUTSIDE)} -- ${bridge}${wire}`];
  }
  return routers.flatMap(({ name, router }) => {
    const id = quote(`router ${name}`);
    const back = router.returnRoute ? 'knows the way back' : 'no way back';
    return [
      `  ${id} [label=${label([`router ${router.ip}`, back])}]`,
      `  ${quote(OUTSIDE)} -- ${id}`,
      `  ${id} -- ${bridge}${wire}`,
    ];
  });
}

/** The way of a connection: an edge for each step, beside a note that says what becomes of it. */
function wayLines(topology: Topology, { title, stop, steps }: Way): string[] {
  const idOf = (machine: string, network: string) => {
    const end = wayEnd(topology, machine, network);
    if (end.kind === 'card') return quote(`node ${end.id}`);
    return end.kind === 'bridge' ? bridgeId(end.host, end.segment) : quote(OUTSIDE);
  };
  const said = [`way ${title}`, ...(stop === undefined ? [] : [stop.text])];
  return [
    `  "way" [shape=note, label=${label(said)}]`,
    ...steps.map(({ from, to, network, text }, index) => {
      const look = 'dir=forward, constraint=false, penwidth=3, color="#8250df"';
      const edge = `${idOf(from, network)} -- ${idOf(to, network)}`;
      return `  ${edge} [${look}, label=${quote(`${index + 1} ${text}`)}]`;
    }),
  ];
}

/** What crosses is a node of its own below its ends: labels on many edges would hide one another. */
function crossingLines({ crossings }: Topology): string[] {
  return crossings.flatMap(({ from, to, isMutual, flows }, index) => {
    const id = quote(`crossing ${index}`);
    const edge = (end: string, direction: string) =>
      `  ${quote(end === OUTSIDE ? end : `foot ${end}`)} -- ${id} [dir=${direction}, style=bold]`;
    return [
      `  ${id} [shape=note, style="", label=${label(flows.map(({ ports, text }) => `${ports} ${text}`))}]`,
      ...from.map((end) => edge(end, isMutual ? 'both' : 'forward')),
      ...(isMutual ? [] : to.map((end) => edge(end, 'back'))),
    ];
  });
}

/** Lines of text as a label. */
function label(texts: readonly string[]): string {
  return `"${texts.map(escaped).join('\\n')}"`;
}

function quote(text: string): string {
  return `"${escaped(text)}"`;
}

/**
 * Only a quote ends a string, but in labels a backslash begins an escape and an ampersand an entity.
 * @see https://graphviz.org/doc/info/lang.html
 * @see https://graphviz.org/docs/attr-types/escString/
 */
function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('&', '&amp;').replaceAll('\n', ' ');
}

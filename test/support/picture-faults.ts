import type { Cluster } from '../../src/resolve/cluster.ts';
import { isInside, overlap, type Picture, type Shown } from './picture.ts';

/** Boxes that stand over the edge of another on purpose: the uplink on the hypervisor's, the cards of a stack. */
const ON_EDGES = ['nic', 'back'];
/** Boxes that no arrow and no cable may run through. */
const SOLID = ['card', 'badge', 'router', 'net', 'pill', 'bar', 'nic', 'outside', 'frame'];

/** What is wrong with the layout of a picture, in words that name the place. */
export function faultsOf(picture: Picture): string[] {
  return [
    ...crossingBoxes(picture),
    ...overlappingTexts(picture),
    ...overflowingTexts(picture),
    ...outsideCanvas(picture),
    ...wiresThroughThings(picture),
  ];
}

function has({ classes }: Shown, looks: readonly string[]): boolean {
  return classes.some((look) => looks.includes(look));
}

function place({ classes, left, top }: Shown): string {
  return `${classes.join(' ')} at ${left},${top}`;
}

/** Two boxes are apart, or one is in the other. */
function crossingBoxes({ boxes }: Picture): string[] {
  const plain = boxes.filter((box) => !has(box, ON_EDGES));
  return plain.flatMap((box, index) =>
    plain
      .slice(index + 1)
      .filter((other) => overlap(box, other) && !isInside(box, other) && !isInside(other, box))
      .map((other) => `${place(box)} crosses ${place(other)}`),
  );
}

function overlappingTexts({ texts }: Picture): string[] {
  return texts.flatMap((text, index) =>
    texts
      .slice(index + 1)
      .filter((other) => overlap(text, other))
      .map((other) => `"${text.text}" overlaps "${other.text}"`),
  );
}

/** A text stays inside each box that it touches; the uplink's box hides the hypervisor's edge from its text. */
function overflowingTexts({ boxes, texts }: Picture): string[] {
  const nics = boxes.filter((box) => has(box, ['nic']));
  return texts.flatMap((text) => {
    const touched = boxes.filter((box) => overlap(box, text) && !isInside(text, box) && !has(box, ['back']));
    const isOnEdge = nics.some((nic) => isInside(text, nic));
    return touched
      .filter((box) => !(isOnEdge && has(box, ['panel'])))
      .map((box) => `"${text.text}" leaves ${place(box)}`);
  });
}

function outsideCanvas({ canvas, boxes, texts }: Picture): string[] {
  return [...boxes, ...texts]
    .filter((shown) => !isInside(shown, canvas))
    .map((shown) => `${place(shown)} leaves the canvas`);
}

/** Lanes are behind the labels of arrows, which hide them; nothing else crosses anything. */
function wiresThroughThings({ boxes, texts, wires }: Picture): string[] {
  const things = [...boxes.filter((box) => has(box, SOLID)), ...texts];
  return wires
    .filter(({ classes }) => !classes.includes('lane'))
    .flatMap(({ classes, parts }) =>
      parts.flatMap((part) =>
        things
          .filter((thing) => overlap(part, thing))
          .map((thing) => `${classes.join(' ')} runs through ${place(thing)}`),
      ),
    );
}

/** The names and addresses of a cluster that are not to be read in its picture, be it as a tooltip. */
export function missingFrom({ texts }: Picture, { nodes, networks, vips, hypervisors }: Cluster): string[] {
  const all = texts.map(({ full }) => full);
  const said = new Set(all);
  const words = new Set(all.flatMap((text) => text.split(/[ ,]+/)));
  const stacked = new Set(all.flatMap((text) => text.split(', ')));
  const names = [
    ...networks.flatMap(({ name, cidr, bridges }) => [
      name,
      cidr.toString(),
      ...bridges.map((bridge) => bridge.name),
    ]),
    ...hypervisors.flatMap(({ name, bridges }) => [name, ...bridges.map((bridge) => bridge.name)]),
    ...vips.flatMap(({ name, ip }) => [name, ip.toString()]),
  ];
  const isThere = (name: string, ip: string) =>
    (said.has(name) && said.has(ip)) || stacked.has(`${name} ${ip}`);
  return [
    ...nodes.filter(({ name, ip }) => !isThere(name, ip.toString())).map(({ name }) => name),
    ...names.filter((name) => !words.has(name)),
  ];
}

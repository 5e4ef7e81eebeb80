import type { NetworkBox } from '../topology.ts';
import { drawGroups } from './draw-groups.ts';
import { wrap } from './fit-text.ts';
import { type Block, type Label, label, moved, type Shape } from './shapes.ts';
import { type Grid, spanWidth } from './shelve-groups.ts';
import { TEXT_LOOKS } from './text-looks.ts';

export const NETWORK_PAD = 12;
const LINE = 16;
/** From the top of a line to its baseline. */
const BASELINE = 12;

export interface NetworkSize {
  readonly grid: Grid;
  /** Of the whole box. */
  readonly width: number;
}

/** The height of the lines at a network's top: its name, its ranges and its router. */
export function headerHeight(network: NetworkBox, { grid }: NetworkSize): number {
  const width = spanWidth(grid);
  return (1 + rangeLines(network, width).length + routerLines(network, width).length) * LINE + 4;
}

/** A network's lines and nodes; its box is drawn around them when the height of the row is known. */
export function drawNetwork(
  network: NetworkBox,
  { grid, width }: NetworkSize,
  options: { readonly header: number; readonly tone: string },
): Block {
  const inner = spanWidth(grid);
  const groups = drawGroups(network.groups, grid);
  const nodes = groups.height === 0 ? noteLabels(['no nodes'], inner) : groups.shapes;
  const pools = noteLabels(poolLines(network, inner), inner);
  const top = NETWORK_PAD + options.header + 8;
  const bottom = top + Math.max(groups.height, LINE) + (pools.length > 0 ? 10 : 0);
  const at = (shapes: readonly Shape[], y: number) => moved(shapes, { x: NETWORK_PAD, y });
  return {
    width,
    height: bottom + pools.length * LINE + NETWORK_PAD,
    shapes: [
      ...at(header(network, inner, options.tone), NETWORK_PAD),
      ...at(nodes, top),
      ...at(pools, bottom),
    ],
  };
}

function header(network: NetworkBox, width: number, tone: string): Shape[] {
  const ranges = rangeLines(network, width);
  return [
    label('network', { text: network.name, tone }, { x: 0, y: BASELINE, width }),
    ...ranges.map((line, index) => label('fact', line, { x: 0, y: BASELINE + (index + 1) * LINE, width })),
    ...moved(noteLabels(routerLines(network, width), width), { x: 0, y: (1 + ranges.length) * LINE }),
  ];
}

/** As many as it takes: half an address is another one. */
function rangeLines({ cidr }: NetworkBox, width: number): string[] {
  return wrap(cidr, TEXT_LOOKS.fact, { width, lines: Infinity });
}

function routerLines({ router }: NetworkBox, width: number): string[] {
  const text = `router ${router.ip}${router.owner === '' ? '' : ` (${router.owner})`}`;
  return wrap(text, TEXT_LOOKS.note, { width, lines: 2 });
}

/** Who hands out which addresses in it. */
function poolLines({ dhcp, foreignDhcp }: NetworkBox, width: number): string[] {
  return [
    ...(dhcp === undefined ? [] : [`DHCP ${compact(dhcp)}`]),
    ...(foreignDhcp === undefined ? [] : [`foreign DHCP ${compact(foreignDhcp)}`]),
  ].flatMap((text) => wrap(text, TEXT_LOOKS.note, { width, lines: 2 }));
}

function noteLabels(lines: readonly string[], width: number): Label[] {
  return lines.map((line, index) => label('note', line, { x: 0, y: BASELINE + index * LINE, width }));
}

/** A range of addresses, with only the last octet of its end where the others are the same. */
function compact(range: string): string {
  const [first = '', last = ''] = range.split('-');
  const start = first.slice(0, first.lastIndexOf('.') + 1);
  return last.startsWith(start) ? `${first}–${last.slice(start.length)}` : `${first}–${last}`;
}

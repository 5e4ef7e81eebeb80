import { ASCENT, DESCENT, dejavuWidth } from './dejavu-sans.ts';
import { elementsOf, readXml, textOf, type XmlElement } from './read-xml.ts';

export interface Rect {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export interface Shown extends Rect {
  readonly classes: readonly string[];
}

export interface ShownText extends Shown {
  /** What is to be read in the picture, and in full. */
  readonly text: string;
  readonly full: string;
}

/** A picture as a reader's browser lays it out, with the widest of the usual fonts. */
export interface Picture {
  readonly canvas: Rect;
  readonly title: string;
  readonly css: string;
  readonly boxes: readonly Shown[];
  readonly texts: readonly ShownText[];
  readonly wires: readonly { readonly classes: readonly string[]; readonly parts: readonly Rect[] }[];
}

export function readPicture(svg: string): Picture {
  const root = readXml(svg);
  const css = elementsOf(root, 'style')
    .map((style) => textOf(style))
    .join('');
  const [left = 0, top = 0, width = 0, height = 0] = (root.attributes['viewBox'] ?? '')
    .split(' ')
    .map(Number);
  return {
    canvas: { left, top, right: left + width, bottom: top + height },
    title: elementsOf(root, 'title').map((title) => textOf(title))[0] ?? '',
    css,
    boxes: elementsOf(root, 'rect').map(boxOf),
    texts: elementsOf(root, 'text').map((text) => shownText(text, css)),
    wires: elementsOf(root, 'polyline').map((wire) => ({ classes: classesOf(wire), parts: partsOf(wire) })),
  };
}

function classesOf({ attributes }: XmlElement): string[] {
  return (attributes['class'] ?? '').split(' ');
}

function number({ attributes }: XmlElement, name: string): number {
  const value = Number(attributes[name]);
  if (!Number.isInteger(value)) throw new Error(`${name} is ${attributes[name]}, no integer`);
  return value;
}

function boxOf(rect: XmlElement): Shown {
  const [left, top] = [number(rect, 'x'), number(rect, 'y')];
  return {
    classes: classesOf(rect),
    left,
    top,
    right: left + number(rect, 'width'),
    bottom: top + number(rect, 'height'),
  };
}

function shownText(element: XmlElement, css: string): ShownText {
  const classes = classesOf(element);
  const rule = new RegExp(`\\.${classes[0]} \\{ font-size: (\\d+)px(; font-weight: 600)? \\}`).exec(css);
  if (rule === null) throw new Error(`the style says no size for ${classes[0]}`);
  const size = Number(rule[1]);
  const strong = elementsOf(element, 'tspan')
    .map((span) => textOf(span))
    .join('');
  const text = textOf(element, 'title');
  const rest = text.slice(strong.length);
  const width =
    dejavuWidth(strong, { size, isBold: true }) + dejavuWidth(rest, { size, isBold: rule[2] !== undefined });
  const anchor = element.attributes['text-anchor'] ?? 'start';
  const left = number(element, 'x') - (anchor === 'middle' ? width / 2 : anchor === 'end' ? width : 0);
  const y = number(element, 'y');
  const title = elementsOf(element, 'title')
    .map((child) => textOf(child))
    .join('');
  return {
    classes,
    text: text.trim(),
    full: title || text.trim(),
    left,
    right: left + width,
    top: y - ASCENT * size,
    bottom: y + DESCENT * size,
  };
}

/** The straight parts of a line, each as a rectangle without width or height. */
function partsOf({ attributes }: XmlElement): Rect[] {
  const points = (attributes['points'] ?? '').split(' ').map((point) => point.split(',').map(Number));
  return points.slice(1).map(([x = 0, y = 0], index) => {
    const [fromX = 0, fromY = 0] = points[index] ?? [];
    return {
      left: Math.min(x, fromX),
      right: Math.max(x, fromX),
      top: Math.min(y, fromY),
      bottom: Math.max(y, fromY),
    };
  });
}

/** Whether two share more than an edge. */
export function overlap(a: Rect, b: Rect): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

export function isInside(inner: Rect, outer: Rect): boolean {
  return (
    inner.left >= outer.left &&
    inner.right <= outer.right &&
    inner.top >= outer.top &&
    inner.bottom <= outer.bottom
  );
}

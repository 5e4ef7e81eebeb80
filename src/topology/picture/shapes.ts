import { shorten } from './fit-text.ts';
import { TEXT_LOOKS, type TextLook } from './text-looks.ts';
import { textWidth } from './text-width.ts';

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Box {
  readonly kind: 'box';
  readonly look: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly radius: number;
}

/** A line through points. */
export interface Wire {
  readonly kind: 'wire';
  readonly look: string;
  readonly points: readonly Point[];
}

/** A filled polygon: the head of an arrow. */
export interface Head {
  readonly kind: 'head';
  readonly look: string;
  readonly points: readonly Point[];
}

export interface Dot {
  readonly kind: 'dot';
  readonly look: string;
  readonly x: number;
  readonly y: number;
  readonly radius: number;
}

/** A line of text; y is its baseline. */
export interface Label {
  readonly kind: 'label';
  readonly look: TextLook;
  readonly x: number;
  readonly y: number;
  readonly anchor: 'start' | 'middle' | 'end';
  /** A bold beginning, or none. */
  readonly strong: string;
  readonly text: string;
  /** What it says in full where it is shortened or stands for more, else nothing. */
  readonly full: string;
  /** A look for its colour, or none. */
  readonly tone: string;
}

export type Shape = Box | Wire | Head | Dot | Label;

/** Shapes in the order in which they are painted, within a size. */
export interface Block {
  readonly width: number;
  readonly height: number;
  readonly shapes: readonly Shape[];
}

/** The shapes, moved. */
export function moved(shapes: readonly Shape[], by: Point): Shape[] {
  const shift = ({ x, y }: Point): Point => ({ x: x + by.x, y: y + by.y });
  return shapes.map((shape) =>
    'points' in shape ? { ...shape, points: shape.points.map(shift) } : { ...shape, ...shift(shape) },
  );
}

export interface LabelPlace extends Point {
  /** The most that it may take. */
  readonly width: number;
  readonly anchor?: Label['anchor'];
}

export interface LabelText {
  readonly strong?: string;
  readonly text: string;
  readonly full?: string;
  readonly tone?: string;
}

/** A label that fits its place: what is too long is shortened. */
export function label(look: TextLook, said: string | LabelText, place: LabelPlace): Label {
  const { strong = '', text, full = '', tone = '' } = typeof said === 'string' ? { text: said } : said;
  const { x, y, width, anchor = 'start' } = place;
  const fitting = fitTo(look, { strong, text }, width);
  const isWhole = fitting.strong === strong && fitting.text === text;
  const whole = isWhole ? full : full || [strong, text].filter((part) => part !== '').join(' ');
  return { kind: 'label', look, x, y, anchor, ...fitting, full: whole, tone };
}

function fitTo(look: TextLook, { strong, text }: { strong: string; text: string }, width: number) {
  const style = TEXT_LOOKS[look];
  if (strong === '') return { strong, text: shorten(text, style, width) };
  const bold = shorten(strong, { ...style, isBold: true }, width);
  const rest = width - labelWidth(look, { strong: bold, text: '' });
  return { strong: bold, text: bold === strong ? shorten(text, style, rest) : '' };
}

/** The most pixels that a label takes. */
export function labelWidth(look: TextLook, { strong = '', text }: LabelText): number {
  const style = TEXT_LOOKS[look];
  const bold = strong === '' ? 0 : textWidth(`${strong} `, { ...style, isBold: true });
  return bold + textWidth(text, style);
}

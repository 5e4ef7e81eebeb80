import { type Label, type LabelPlace, label, labelWidth } from './shapes.ts';
import type { TextLook } from './text-looks.ts';

export interface Named {
  readonly name: string;
  /** The most important first. */
  readonly facts: readonly string[];
}

/** A name with as many of the facts about it as fit. */
export function factLabel(look: TextLook, { name, facts }: Named, place: LabelPlace): Label {
  const text = (count: number) => ({ strong: name, text: facts.slice(0, count).join(', ') });
  let count = facts.length;
  while (count > 0 && labelWidth(look, text(count)) > place.width) count -= 1;
  const full = count === facts.length ? '' : `${name} ${facts.join(', ')}`;
  return label(look, { ...text(count), full }, place);
}

import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { formatPath, type Span } from '../../../src/diagnostics/diagnostic.ts';
import { valueAt } from '../../../src/validate/json-pointer.ts';
import { inProject } from '../../support/paths.ts';
import { addEntry, removeEntry, renameKey, replaceValue, spanIn } from './edit-model.ts';
import { isValidAt, type JsonSchema, type Meeting, meetings, target, whole } from './schema-places.ts';

/** A model with one mistake in it, and where it has to be shown. */
export interface Mistake {
  readonly title: string;
  /** The place of the schema that finds it. */
  readonly pointer: string;
  readonly text: string;
  /** What the editor has to underline. */
  readonly editor: Span;
  /** What our own diagnostics have to underline. */
  readonly own: Span;
}

interface Case extends Meeting {
  /** The text of a model that has this place. */
  readonly text: string;
  readonly value: unknown;
  /** The schema at the place, with what it refers to. */
  readonly here: JsonSchema;
}

/** Together they have everything that the schema has. */
export const MODELS = ['test/models/full.yaml', 'examples/smallest/cluster.yaml'];

/** Every place of the schema that the models stand at, once. */
export function metPlaces(): Case[] {
  const cases = new Map<string, Case>();
  for (const file of MODELS) {
    const text = readFileSync(inProject(file), 'utf8');
    const data: unknown = parse(text);
    for (const meeting of meetings(data)) {
      const found = { ...meeting, text, value: valueAt(data, meeting.path), here: whole(meeting.schema) };
      if (!cases.has(meeting.pointer)) cases.set(meeting.pointer, found);
    }
  }
  return [...cases.values()];
}

/** Each mistake that the schema can find, at each of its places, with this many wrong values at each. */
export function allMistakes(valuesAtEachPlace: number = WRONG.length): Mistake[] {
  return metPlaces().flatMap((place) => [
    ...wrongValues(place).slice(0, valuesAtEachPlace),
    ...wrongKeys(place),
    ...missingKeys(place),
    ...wrongCounts(place),
    ...repeatedItems(place),
  ]);
}

/** A text of the wrong form or type, a number out of bounds or of the wrong type, and then other types. */
const WRONG = ['wrong "value"!', -1, null, true, 'fraction', 10_000_001, ['wrong'], { wrong: 1 }] as const;

function wrongValues({ pointer, path, text, here, value: right }: Case): Mistake[] {
  // A form stands at the same place as the choice between forms.
  if (path.length === 0 || isForm(pointer)) return [];
  // Near the right number, so that it is wrong by its type and not by its size.
  const fraction = typeof right === 'number' ? right + 0.5 : 7.5;
  const isOther = (value: unknown) =>
    value === null || typeof value !== 'object' || ![here.type, here.if?.type].includes(typeName(value));
  return WRONG.map((value) => (value === 'fraction' ? fraction : value))
    .filter((value) => isOther(value) && !isValidAt(pointer, value))
    .map((value) => {
      const { text: wrong, span } = replaceValue(text, path, value);
      return {
        title: `${formatPath(path)}: ${JSON.stringify(value)}`,
        pointer,
        text: wrong,
        editor: span,
        own: span,
      };
    });
}

/** A key that the map does not have, and a name that is none. */
function wrongKeys({ pointer, path, text, here, value }: Case): Mistake[] {
  const isMap = typeof value === 'object' && !Array.isArray(value);
  const last = isMap ? Object.keys(value ?? {}).at(-1) : undefined;
  const unknown = here.additionalProperties === false ? [addEntry(text, path, 'wrong', 1)] : [];
  const misnamed =
    here.propertyNames === undefined || last === undefined
      ? []
      : [renameKey(text, [...path, last], 'Wrong name!')];
  return [...unknown, ...misnamed].map(({ text: wrong, span }) => {
    const title = `${formatPath(path)} with the key ${wrong.slice(span.start, span.end)}`;
    return { title, pointer, text: wrong, editor: span, own: span };
  });
}

/** A map without one of the keys that it needs: its own key is underlined, or where it has none its first character. */
function missingKeys({ pointer, schema, path, text, here, value }: Case): Mistake[] {
  const condition = `${target({ pointer, schema }).pointer}/if`;
  const isChoice = here.if === undefined || here.if.type !== undefined;
  const branch = isChoice ? undefined : isValidAt(condition, value) ? here.then : here.else;
  return [...(here.required ?? []), ...(branch?.required ?? [])].map((key) => {
    const wrong = removeEntry(text, [...path, key]);
    const about = { title: `${formatPath([...path, key])} is missing`, pointer, text: wrong };
    if (path.length === 0) {
      const start = wrong.search(/^\w/m);
      return { ...about, editor: { start, end: start + 1 }, own: { start, end: start + 1 } };
    }
    const own = spanIn(wrong, path, 'key');
    const isItem = typeof path.at(-1) === 'number';
    return { ...about, editor: isItem ? { start: own.start, end: own.start + 1 } : own, own };
  });
}

/** Lists and maps with too few or too many members: the editor underlines them, we their keys. */
function wrongCounts({ pointer, path, text, here, value }: Case): Mistake[] {
  const tooLong = Array.from({ length: (here.maxItems ?? 0) + 1 }, (_, index) => `n${index}`);
  const tooLarge = { ...(value as object), more: Object.values(value ?? {})[0] };
  const values = [
    ...(here.minItems === undefined ? [] : [[]]),
    ...(here.maxItems === undefined ? [] : [tooLong]),
    ...(here.minProperties === undefined ? [] : [{}]),
    ...(here.maxProperties === undefined ? [] : [tooLarge]),
  ];
  return values.map((wrongValue) => {
    const { text: wrong, span } = replaceValue(text, path, wrongValue);
    const title = `${formatPath(path)}: ${JSON.stringify(wrongValue)}`;
    return { title, pointer, text: wrong, editor: span, own: spanIn(text, path, 'key') };
  });
}

/** A value twice in a list: the editor underlines the list, we the second one. */
function repeatedItems({ pointer, path, text, here, value }: Case): Mistake[] {
  if (here.uniqueItems !== true || !Array.isArray(value)) return [];
  const { text: wrong, span } = replaceValue(text, path, [...value, value[0]]);
  const own = spanIn(wrong, [...path, value.length], 'value');
  return [{ title: `${formatPath(path)} with a value twice`, pointer, text: wrong, editor: span, own }];
}

/** Whether a place is one side of a choice, and so the same piece of the model as the choice. */
export function isForm(pointer: string): boolean {
  return /\/(then|else)$/.test(pointer);
}

function typeName(value: object): string {
  return Array.isArray(value) ? 'array' : 'object';
}

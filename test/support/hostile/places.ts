import { isMap, isScalar, parseDocument, visit } from 'yaml';
import { formatPath, type Path, type Span } from '../../../src/diagnostics/diagnostic.ts';
import { metPlaces } from '../../tools/editor/mistakes.ts';

/** A place of a model at which the schema asks for a text: a value, an item of a list, or the key of an entry. */
export interface TextPlace {
  readonly title: string;
  readonly model: string;
  /** Where the text stands in the model: a name wherever it is named. */
  readonly spans: readonly NameSpan[];
}

/** A text, or a part of one: a bridge of a hypervisor is named by both names. */
interface NameSpan extends Span {
  readonly before?: string;
  readonly after?: string;
}

export interface Edited {
  readonly text: string;
  readonly spans: readonly (Span & { readonly place: TextPlace })[];
}

/** Every place for a text that the schema has, in the complete models that the editor's tests use. */
export function textPlaces(): TextPlace[] {
  const places = metPlaces().flatMap(
    ({ path, text, value, here }): { model: string; at: Path; isKey: boolean }[] => {
      const isText =
        typeof value === 'string' || here.type === 'string' || here.type?.includes('string') === true;
      const last = Object.keys(value ?? {}).at(-1);
      const hasNames = here.propertyNames !== undefined && last !== undefined;
      return [
        ...(isText ? [{ model: text, at: path, isKey: false }] : []),
        ...(hasNames ? [{ model: text, at: [...path, last], isKey: true }] : []),
      ];
    },
  );
  const titled = places.map(({ model, at, isKey }) => ({
    title: `${formatPath(at)}${isKey ? ' (its name)' : ''}`,
    model,
    // What is tried is a name, not a reference to one that is gone.
    spans: isKey || isRole(at) ? spansOfName(model, at, isKey) : [spanOfValue(model, at)],
  }));
  return [...new Map(titled.map((place) => [place.title, place])).values()];
}

/** The model of a place with another text there, written as a YAML scalar in double quotes, and where that stands. */
export function put(place: TextPlace, text: string): Edited {
  return putAll(new Map([[place, text]]));
}

/** The same for several places of one model that do not overlap. */
export function putAll(texts: ReadonlyMap<TextPlace, string>): Edited {
  const [{ model } = { model: '' }] = texts.keys();
  const edits = [...texts].flatMap(([place, text]) => place.spans.map((span) => ({ place, span, text })));
  return splice(model, edits);
}

/** The places without those at which another one's name stands. */
export function apart(places: readonly TextPlace[]): TextPlace[] {
  const taken = new Set<number>();
  return places.filter(({ spans }) => {
    const isFree = spans.every(({ start }) => !taken.has(start));
    if (isFree) for (const { start } of spans) taken.add(start);
    return isFree;
  });
}

/** The map whose keys are names of what stands elsewhere. */
const REFERENCES = 'variables';

/** Roles are named where they are used. */
function isRole(at: Path): boolean {
  return at[0] === 'nodes' && at.includes('role');
}

function spanOfValue(model: string, at: Path): Span {
  return spanOf(parseDocument(model).getIn(at, true));
}

function spansOfName(model: string, at: Path, isKey: boolean): NameSpan[] {
  const document = parseDocument(model);
  const name = isKey ? at.at(-1) : document.getIn(at);
  const keys = document.getIn(isKey ? at.slice(0, -1) : [], true);
  const isReference = at[0] === REFERENCES;
  const references = document.get(REFERENCES, true);
  const spans: NameSpan[] = [];
  visit(document, {
    Scalar(part, node, path) {
      const map = path.at(-2);
      const isOwnKey = isKey && isMap(keys) && map === keys;
      const isNamed = part === 'key' ? isOwnKey || map === references : !isReference;
      if (node.value === name && isNamed) spans.push(spanOf(node));
      const [first, second, ...more] = String(node.value).split('.');
      if (part === 'key' || at[0] !== 'hypervisors' || second === undefined || more.length > 0) return;
      if (first === name) spans.push({ ...spanOf(node), after: `.${second}` });
      else if (second === name && first === at[1]) spans.push({ ...spanOf(node), before: `${first}.` });
    },
  });
  return spans;
}

function spanOf(node: unknown): Span {
  if (!isScalar(node) || node.range == null) throw new Error('no text stands there');
  const [start, end] = node.range;
  return { start, end };
}

interface Splice {
  readonly place: TextPlace;
  readonly span: NameSpan;
  readonly text: string;
}

function splice(model: string, edits: readonly Splice[]): Edited {
  let edited = '';
  let from = 0;
  const spans = edits
    .toSorted((a, b) => a.span.start - b.span.start)
    .map(({ place, span, text }) => {
      edited += model.slice(from, span.start);
      from = span.end;
      const start = edited.length;
      edited += quoted(`${span.before ?? ''}${text}${span.after ?? ''}`);
      return { place, start, end: edited.length };
    });
  return { text: edited + model.slice(from), spans };
}

/** JSON's strings are YAML's; what cannot be seen is escaped, so that the file can hold it. */
function quoted(text: string): string {
  return JSON.stringify(text).replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\ufffe\uffff]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

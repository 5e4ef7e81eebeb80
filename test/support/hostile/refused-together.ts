import { compileSource } from '../../../src/pipeline.ts';
import { apart, putAll, type TextPlace } from './places.ts';

/**
 * The places at which the schema refuses a text, tried at all places of a model at once: what the schema says of a text
 * it says without looking at the others. What it does not refuse may be refused or taken later, and is to be tried alone.
 * @throws where it says something of what is not the text
 */
export function refusedTogether(places: readonly TextPlace[], text: string): ReadonlySet<TextPlace> {
  const models = [...new Set(places.map(({ model }) => model))];
  return new Set(
    models.flatMap((model) => refusedIn(apart(places.filter((place) => place.model === model)), text)),
  );
}

function refusedIn(places: readonly TextPlace[], text: string): TextPlace[] {
  const edited = putAll(new Map(places.map((place) => [place, text])));
  const { model, diagnostics } = compileSource('cluster.yaml', Buffer.from(edited.text));
  if (model !== undefined) return [];
  return diagnostics.map(({ span, message }) => {
    const refused = edited.spans.find(({ start }) => start === span.start);
    if (refused === undefined) throw new Error(`${JSON.stringify(text.slice(0, 60))}: ${message}`);
    return refused.place;
  });
}

import { expect } from 'vitest';
import { locateDiagnostics } from '../../../src/diagnostics/located.ts';
import { compileSource, renderCluster } from '../../../src/pipeline.ts';
import type { Artifact } from '../../../src/render/render-artifacts.ts';
import { readArtifact } from '../readers/read-artifact.ts';
import { type Edited, put, type TextPlace } from './places.ts';
import { differences, withText } from './same-but.ts';

const FILE = 'cluster.yaml';
/** Texts that mean nothing to anybody and stand in no model: a name, and a port. */
const MARKERS = ['zqxj', '64321'];

/**
 * Puts a text at a place of a complete model: either every diagnostic points at the text, or each file of the output
 * reads as with a harmless text, but for the text.
 */
export async function judge(place: TextPlace, text: string): Promise<'refused' | 'taken'> {
  const edited = put(place, text);
  const compilation = compile(edited);
  if (compilation.cluster !== undefined) {
    const different = await changes(place, text, await renderCluster(compilation.cluster, FILE));
    if (different.length > 0) throw new Error(different.join('\n'));
    return 'taken';
  }
  const found = locateDiagnostics(compilation.diagnostics, compilation).map(({ start }) => start);
  expect(found).not.toEqual([]);
  expect(edited.spans.map(({ start }) => positionOf(edited.text, start))).toEqual(
    expect.arrayContaining(found),
  );
  return 'refused';
}

/** The texts at a place that are neither, each with why. */
export async function wrongAt(place: TextPlace, texts: readonly string[]): Promise<string[]> {
  const wrong: string[] = [];
  for (const text of texts)
    await judge(place, text).catch((error) => wrong.push(`${JSON.stringify(text.slice(0, 60))}: ${error}`));
  return wrong;
}

/** What is not as it has to be in the files that the text changes. */
async function changes(place: TextPlace, text: string, files: readonly Artifact[]): Promise<string[]> {
  const { marker, files: harmless } = await harmlessFiles(place);
  const isIn = (others: readonly Artifact[]) =>
    new Set(others.map(({ path, content }) => `${path}\n${content}`));
  const [before, after] = [isIn(harmless), isIn(files)];
  const isChanged = ({ path, content }: Artifact) =>
    !(before.has(`${path}\n${content}`) && after.has(`${path}\n${content}`));
  return differences(
    withText(await read(place, harmless.filter(isChanged)), marker, text),
    await read(place, files.filter(isChanged)),
    {
      ofNames: /^[\w.-]+$/.test(text),
    },
  );
}

async function read(place: TextPlace, files: readonly Artifact[]): Promise<unknown> {
  const read = files.map(async (file) => [file.path, await readOnce(place, file)] as const);
  return Object.fromEntries(await Promise.all(read));
}

/** Those with a harmless text are compared with many others. */
const readings = new WeakMap<Artifact, Promise<unknown>>();

function readOnce(place: TextPlace, file: Artifact): Promise<unknown> {
  const reading = readings.get(file) ?? readStable(place, file);
  readings.set(file, reading);
  return reading;
}

/** A file as data; a MAC address that the model does not say is made of names, and another one with each. */
function readStable({ model }: TextPlace, { path, content }: Artifact): Promise<unknown> {
  const stable = content.replaceAll(/52(:[\da-f]{2}){5}/g, (mac) =>
    model.includes(mac) ? mac : '52:54:00:00:00:00',
  );
  return readArtifact({ path, content: stable });
}

/** Counted by hand: lines and columns from 1. */
function positionOf(text: string, offset: number) {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1) ?? '').length + 1 };
}

interface Harmless {
  readonly marker: string;
  readonly files: readonly Artifact[];
}

const known = new Map<string, Promise<Harmless>>();

function harmlessFiles(place: TextPlace): Promise<Harmless> {
  const found = known.get(place.title) ?? firstTaken(place);
  known.set(place.title, found);
  return found;
}

async function firstTaken(place: TextPlace): Promise<Harmless> {
  const marker = MARKERS.find((text) => compile(put(place, text)).cluster !== undefined);
  if (marker === undefined) throw new Error('it takes no harmless text that this test knows');
  return { marker, files: await filesOf(put(place, marker)) };
}

function compile({ text }: Edited) {
  return compileSource(FILE, Buffer.from(text));
}

async function filesOf(edited: Edited): Promise<Artifact[]> {
  const { cluster } = compile(edited);
  if (cluster === undefined) throw new Error('it does not compile');
  return renderCluster(cluster, FILE);
}

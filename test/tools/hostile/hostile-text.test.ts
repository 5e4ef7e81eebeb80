import { readFileSync, rmSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { mistakesIn } from '../../support/compile.ts';
import { apart, put, putAll, type TextPlace, textPlaces } from '../../support/hostile/places.ts';
import { differences, withText } from '../../support/hostile/same-but.ts';
import { HOSTILE } from '../../support/hostile/strings.ts';
import { inProject } from '../../support/paths.ts';
import { requireTools } from '../../support/require-tools.ts';
import { useTerraform } from '../../support/terraform.ts';
import { readByAnsible, readByNft, readByPython, readByTerraform, writeTree } from './tools-read.ts';

const full = readFileSync(inProject('test/models/full.yaml'), 'utf8');
/** Comments are tried by themselves. */
const WORDS = HOSTILE.filter((text) => /^[\w.]+$/.test(text));
const terraform = useTerraform({ shareProvider: true });

/** The places of full.yaml for names, each with a name that means nothing and the hostile ones that it takes. */
const names = apart(textPlaces().filter(({ model }) => model === full))
  .map((place, index) => {
    const letters = [index / 26, index % 26].map((letter) => String.fromCharCode(97 + Math.floor(letter)));
    return { place, marker: `zq${letters.join('')}` };
  })
  .filter(({ place, marker }) => isTaken(place, marker))
  .map((each) => ({ ...each, texts: WORDS.filter((text) => isTaken(each.place, text)) }))
  .filter(({ texts }) => texts.length > 0);

function isTaken(place: TextPlace, text: string): boolean {
  return mistakesIn(put(place, text).text).length === 0;
}

/** In each round every place has another name; a name that is taken by another place already is left to a later one. */
function namesOfRound(round: number): Map<TextPlace, string> {
  const chosen = new Map(names.map(({ place, marker }) => [place, marker]));
  for (const [index, { place, texts }] of names.entries()) {
    const marker = chosen.get(place) ?? '';
    chosen.set(place, texts[(round + index) % texts.length] ?? marker);
    const isAlone = new Set(chosen.values()).size === chosen.size;
    if (!isAlone || mistakesIn(putAll(chosen).text).length > 0) chosen.set(place, marker);
  }
  return chosen;
}

/** Data in which the MAC addresses that are computed from names are all the same. */
function stable(data: unknown): unknown {
  const text = JSON.stringify(data).replaceAll(/52(:[\da-f]{2}){5}/g, (mac) =>
    full.includes(mac) ? mac : '52:54:00:00:00:00',
  );
  return JSON.parse(text);
}

const ROUNDS = 8;

describe('names that mean something elsewhere', () => {
  const rounds = Array.from({ length: ROUNDS }, (_, round) => namesOfRound(round));
  const harmless = writeTree(putAll(new Map(names.map(({ place, marker }) => [place, marker]))).text);
  const trees = Promise.all(rounds.map((round) => writeTree(putAll(round).text)));

  it('are many', () => {
    const tried = new Set(
      rounds.flatMap((round) => [...round].map(([{ title }, text]) => `${title}: ${text}`)),
    );
    expect(names.length).toBeGreaterThan(15);
    expect(tried.size).toBeGreaterThan(80);
  });

  const tools = {
    "Python's YAML and XML": { needs: ['python3'], read: readByPython },
    Ansible: { needs: ['ansible', 'ansible-inventory'], read: readByAnsible },
    nft: { needs: ['nft', 'unshare'], root: true, read: readByNft },
    Terraform: { needs: ['terraform'], read: (tree: string) => readByTerraform(terraform, tree) },
  };

  it.for(Object.entries(tools))(
    'are what they are to %s',
    { timeout: 600_000 },
    async ([, tool], context) => {
      requireTools(context, tool.needs, { root: 'root' in tool });
      const expected = stable(await tool.read(await harmless));
      for (const [index, tree] of (await trees).entries()) {
        const round = rounds[index] ?? new Map<TextPlace, string>();
        const renamed = names.reduce(
          (data, { place, marker }) => withText(data, marker, round.get(place) ?? marker),
          expected,
        );
        expect(
          differences(renamed, stable(await tool.read(tree)), { ofNames: true }),
          [...round.values()].map((text) => text.slice(0, 20)).join(' '),
        ).toEqual([]);
      }
    },
  );
});

interface Ruleset {
  readonly nftables: readonly {
    readonly rule?: { readonly comment?: string; readonly expr: readonly unknown[] };
  }[];
}

describe('comments that are code elsewhere', () => {
  const place = textPlaces().find(({ title }) => title.endsWith('flows[0].comment'));
  const comments = HOSTILE.filter((text) => place !== undefined && isTaken(place, text));
  const flows = comments.map((comment, index) => ({
    from: 'lan',
    to: 'master',
    ports: [20_000 + index],
    comment,
  }));
  const tree = writeTree(JSON.stringify({ ...parse(full), firewall: { flows } }));

  it('are many', () => {
    expect(comments.length).toBeGreaterThan(100);
  });

  it('come back from nft as they are, each on its own rule', async (context) => {
    requireTools(context, ['nft', 'unshare'], { root: true });
    const rulesets = Object.values(await readByNft(await tree)) as Ruleset[];
    const nftables = rulesets.flatMap((ruleset) => ruleset.nftables);
    const rules = nftables.flatMap(({ rule }) => {
      const port = /"right":(2\d{4})\b/.exec(JSON.stringify(rule?.expr ?? []))?.[1];
      return port === undefined ? [] : [[Number(port), rule?.comment]];
    });
    expect(rules).toEqual(comments.map((comment, index) => [20_000 + index, comment]));
  });

  it('come back from a parser of XML as they are, and bring no element', async (context) => {
    requireTools(context, ['python3']);
    const { 'topology.svg': picture } = (await readByPython(await tree)) as Record<
      string,
      { description: string; elements: string[] }
    >;
    const missing = comments.filter(
      (comment, index) => picture?.description.includes(`${20_000 + index} (${comment})`) !== true,
    );
    expect(missing).toEqual([]);
    expect(picture?.elements.map((name) => name.replace(/^\{.*\}/, ''))).toEqual([
      'circle',
      'desc',
      'polygon',
      'polyline',
      'rect',
      'style',
      'svg',
      'text',
      'title',
      'tspan',
    ]);
    rmSync(await tree, { recursive: true });
  });
});

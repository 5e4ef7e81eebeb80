import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { allMistakes } from '../../test/tools/editor/mistakes.ts';
import { broken, restrictions } from '../../test/tools/editor/restrictions.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { parseModel } from '../load/load-model.ts';
import { validateSchema } from './validate-schema.ts';

/** What is wrong with a text against the schema. */
function mistakesIn(text: string): readonly Diagnostic[] {
  const { document, diagnostics } = parseModel('cluster.yaml', Buffer.from(text));
  if (document === undefined || diagnostics.length > 0) return diagnostics;
  return validateSchema(document.data).findings.map((finding) => document.locate(finding));
}

/** What each finding says of a model that has only this. */
function saidOf(data: unknown): string[] {
  return validateSchema(data).findings.map(({ message, help }) =>
    help === undefined ? message : `${message} | ${help}`,
  );
}

/** A model in which everything else is right. */
function modelWith(part: object): object {
  return {
    schemaVersion: 1,
    name: 'home',
    domain: 'kube.internal',
    kubernetes: 'k3s',
    hypervisors: { kvm1: { bridges: { br0: { ip: '192.168.0.40' } } } },
    networks: { lan: { cidr: '192.168.0.0/24', mode: 'bridge', bridge: 'br0' } },
    nodes: { lb1: { role: 'master', network: 'lan', ip: '192.168.0.50' } },
    vips: { api: { ip: '192.168.0.55', members: ['lb1'], port: 6443, backends: 'master' } },
    ...part,
  };
}

describe('each mistake that the schema finds', () => {
  const results = allMistakes(4).map((mistake) => ({ ...mistake, found: mistakesIn(mistake.text) }));

  it('is one diagnostic at its value or key', () => {
    const wrong = results.flatMap(({ title, text, own, found }) => {
      const places = found.map(({ span }) => text.slice(span.start, span.end));
      const [only] = found.length === 1 ? found : [];
      const isRight = only?.span.start === own.start && only.span.end === own.end;
      return isRight ? [] : [{ title, expected: text.slice(own.start, own.end), places }];
    });
    expect(results.length).toBeGreaterThan(400);
    expect(wrong).toEqual([]);
  });

  it('is told with the value or its place, and what belongs there', () => {
    const vague = results.flatMap(({ title, text, found: [diagnostic] }) => {
      const { message = '', help = '', path = [], span = { start: 0, end: 0 } } = diagnostic ?? {};
      const value: unknown = parse(text.slice(span.start, span.end));
      const words = [JSON.stringify(value), String(path.at(-1) ?? 'the model')];
      const isNamed = words.some((word) => message.includes(word));
      const saysWhat = /belongs here|is not an? |is not the |at least|at most|out of range|twice/.test(
        message,
      );
      return isNamed && (saysWhat || help !== '') ? [] : [{ title, message, help }];
    });
    expect(vague).toEqual([]);
  });

  it.each(restrictions)('and $title too', (restriction) => {
    const { text, span } = broken(restriction);
    const found = mistakesIn(text);
    expect(found.map((diagnostic) => diagnostic.span)).toEqual([span]);
    expect(found[0]?.message).toMatch(/ does not belong here: .+| belongs here/);
  });
});

describe('a message', () => {
  it.each<[what: string, part: object, said: string[]]>([
    [
      'corrects a misspelt key, and does not miss the right one',
      { nodes: { lb1: { rol: 'master', network: 'lan', ip: '192.168.0.50' } } },
      ['unknown key "rol" in nodes.lb1 | did you mean "role"?'],
    ],
    [
      'does not suggest a key that is there already',
      { nodes: { lb1: { role: 'master', roles: 'worker', network: 'lan', ip: '192.168.0.50' } } },
      [
        'unknown key "roles" in nodes.lb1 | allowed here: role, on, network, ip, mac, interface, nics, primary, os, user, aliases, provides',
      ],
    ],
    [
      'names all that one map lacks',
      { vips: { api: { port: 6443 } } },
      [
        'vips.api lacks "ip", "members" and "backends" | for example ip: 192.168.0.55, members: [lb1, lb2], backends: master',
      ],
    ],
    [
      'tells a text from a number',
      { schemaVersion: '1' },
      ['"1" is a text; a number belongs here | without quotes: 1'],
    ],
    [
      'tells a number from a text',
      { name: 12 },
      ['12 is a whole number; a name belongs here | put it in quotes: "12"'],
    ],
    [
      'does not ask for quotes that would not help',
      { domain: -1 },
      ['-1 is a whole number; a DNS domain in lower case belongs here | for example kube.internal'],
    ],
    [
      'knows the truth values of YAML 1.1',
      {
        networks: {
          lan: { cidr: '192.168.0.0/24', mode: 'bridge', bridge: 'br0', router: { returnRoute: 'Off' } },
        },
      },
      ['"Off" is a text; true or false belongs here | YAML 1.2 reads "Off" as a text: write false'],
    ],
    [
      'takes no other word for one of them',
      {
        networks: {
          lan: {
            cidr: '192.168.0.0/24',
            mode: 'bridge',
            bridge: 'br0',
            router: { returnRoute: 'constructor' },
          },
        },
      },
      ['"constructor" is a text; true or false belongs here'],
    ],
    [
      'gives the reason of the parser and what it suggests',
      { networks: { lan: { cidr: '192.168.0.1/24', mode: 'bridge', bridge: 'br0' } } },
      [
        '"192.168.0.1/24" is not a network in CIDR notation: 192.168.0.1 is an address inside the network, not the network\'s own | write "192.168.0.0/24"',
      ],
    ],
    [
      'lists the words that are allowed and the likely one',
      { kubernetes: 'k8s' },
      ['"k8s" is not allowed here | did you mean "k3s"? allowed: k3s, rke2, kubeadm'],
    ],
    [
      'is the first of those for one value',
      { domain: `${'a'.repeat(300)}.B`, loadBalancing: { keepalived: { checkInterval: 0.5 } } },
      [
        expect.stringContaining('aaa..." is longer than 253 characters'),
        '0.5 is a number; a whole number belongs here | for example 1',
      ],
    ],
    [
      'gives both bounds',
      { vips: { api: { ip: '192.168.0.55', vrid: 256, members: ['lb1'], port: 6443, backends: 'master' } } },
      ['256 is out of range: 1 to 255'],
    ],
    [
      'shows what cannot be seen',
      { name: 'ho\u200bme' },
      [expect.stringContaining('"ho\\u{200b}me" is not a name')],
    ],
    [
      'cuts what is long',
      { name: 'x'.repeat(100) },
      [expect.stringContaining(`"${'x'.repeat(57)}..." is not a name`)],
    ],
    [
      'says how to begin where there is no map at all',
      [],
      [
        'the model is a list; a map belongs here | a model starts with `schemaVersion: 1`; `gen-infra schema` prints all it can say',
      ],
    ],
  ])('%s', (_what, part, said) => {
    expect(saidOf(Array.isArray(part) ? part : modelWith(part))).toEqual(said);
  });

  it('is given for the first hundred mistakes', () => {
    const nodes = Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`n${index}`, {}]));
    expect(saidOf(modelWith({ nodes }))).toHaveLength(100);
  });

  it('is not needed where all is right', () => {
    expect(saidOf(modelWith({}))).toEqual([]);
  });
});

import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LineIndex } from '../../../src/diagnostics/position.ts';
import { inProject } from '../../support/paths.ts';
import { LanguageClient, type LspDiagnostic, type LspPosition } from './language-client.ts';
import { allMistakes, isForm, MODELS } from './mistakes.ts';
import { broken, conditionMessages, restrictions } from './restrictions.ts';
import { allPlaces, whole } from './schema-places.ts';
import { expandSnippet } from './snippet.ts';

let editor: LanguageClient;

beforeAll(async () => {
  editor = await LanguageClient.start();
});
afterAll(() => editor.stop());

const MODELINE = '# yaml-language-server: $schema=../../schema/cluster.schema.json\n';

/** A text without its cursor mark "|", and where that stood. */
function cursorIn(marked: string): { text: string; position: LspPosition } {
  const text = MODELINE + marked;
  const { line, column } = new LineIndex(text).position(text.indexOf('|'));
  return { text: text.replace('|', ''), position: { line: line - 1, character: column - 1 } };
}

async function offered(marked: string) {
  const { text, position } = cursorIn(marked);
  return editor.complete(text, position);
}

/** A diagnostic as `line:column-line:column message`, all from 1. */
function shown({ range: { start, end }, message }: LspDiagnostic): string {
  const [first, last] = [start, end].map(({ line, character }) => `${line + 1}:${character + 1}`);
  return `${first}-${last} ${message}`;
}

function place(text: string, { start, end }: { readonly start: number; readonly end: number }): string {
  const lines = new LineIndex(text);
  const [first, last] = [start, end].map((offset) => lines.position(offset));
  return `${first?.line}:${first?.column}-${last?.line}:${last?.column}`;
}

describe('while one types, the editor offers', () => {
  it.each([
    [
      'the keys of a model',
      'schemaVersion: 1\n|\n',
      [
        'name',
        'domain',
        'kubernetes',
        'controller',
        'hypervisors',
        'networks',
        'nodes',
        'vips',
        'loadBalancing',
        'firewall',
        'verify',
      ],
    ],
    ['the modes of a network', 'networks:\n  lan:\n    mode: |\n', ['bridge', 'open']],
    [
      'the systems of a node',
      'nodes:\n  a:\n    os: |\n',
      ['rocky9', 'almalinux9', 'rhel9', 'debian12', 'flatcar'],
    ],
    [
      'the usual roles',
      'nodes:\n  a:\n    role: |\n',
      ['master', 'worker', 'load-balancer', 'storage', 'infra'],
    ],
    ['the distributions', 'kubernetes: |\n', ['k3s', 'rke2', 'kubeadm']],
    ['true and false', 'networks:\n  lan:\n    router:\n      returnRoute: |\n', ['true', 'false']],
    [
      'the keys of a node that are not there yet',
      'nodes:\n  a:\n    role: master\n    |\n',
      ['network', 'ip', 'mac', 'interface', 'os', 'user', 'aliases', 'provides'],
    ],
  ])('%s', async (_what, text, expected) => {
    const labels = (await offered(text)).map(({ label }) => label);
    expect(labels).toEqual(expect.arrayContaining(expected));
  });

  it('only what a scalar can be where a map could stand, too', async () => {
    for (const text of [
      'kubernetes: |\n',
      'networks:\n  lan:\n    router: |\n',
      'vips:\n  api:\n    backends: |\n',
    ]) {
      const labels = (await offered(text)).map(({ label }) => label);
      expect(
        labels.filter((label) => label.includes('[object')),
        text,
      ).toEqual([]);
    }
  });

  it('what each system is', async () => {
    const items = await offered('nodes:\n  a:\n    os: |\n');
    expect(items.map(({ documentation }) => documentation)).toContain(
      'Flatcar Container Linux: no Python, user core, systemd-networkd',
    );
  });

  it.each([
    ['hypervisor', 'hypervisors:\n  |\n'],
    ['network on a bridge', 'networks:\n  |\n'],
    ["network of the hypervisor's own", 'networks:\n  |\n'],
    ['node', 'nodes:\n  |\n'],
    ['virtual IP', 'vips:\n  |\n'],
    ['flow', 'firewall:\n  flows:\n    |\n'],
    ['flow', 'firewall:\n  flows:\n    - from: lan\n      to: master\n    - |\n'],
    ['verification', 'verify:\n  |\n'],
    ['distribution with its ranges and plugin', 'kubernetes: |\n'],
    [
      'router outside',
      'networks:\n  lan:\n    cidr: 10.0.0.0/24\n    mode: bridge\n    bridge: br0\n    router: |\n',
    ],
    ['role and port', 'vips:\n  api:\n    ip: 10.0.0.1\n    members: [a]\n    port: 6443\n    backends: |\n'],
  ])('a snippet "%s" that is right as it is', async (label, marked) => {
    const item = (await offered(marked)).find((candidate) => candidate.label === label);
    expect(item, `${label} is offered`).toBeDefined();
    const text = MODELINE + expandSnippet(marked, item?.insertText ?? '');
    const diagnostics = await editor.diagnose(text);
    // What the model lacks as a whole is shown at its first character.
    const ofModel = diagnostics.filter((diagnostic) =>
      shown(diagnostic).startsWith('2:1-2:2 Missing property'),
    );
    expect(ofModel).not.toEqual([]);
    expect(
      diagnostics.filter((diagnostic) => !ofModel.includes(diagnostic)),
      text,
    ).toEqual([]);
  });
});

describe('where one points, the editor shows', () => {
  const full = readFileSync(inProject('test/models/full.yaml'), 'utf8');
  const hover = (needle: string) => {
    const { line, column } = new LineIndex(full).position(full.indexOf(needle));
    return editor.hover(full, { line: line - 1, character: column });
  };

  it.each([
    ['domain: kube', '#### DNS domain', "The domain of the nodes' names", 'kube.internal'],
    ['vrid: 55', '#### Virtual router id', 'Default: the last octet of the address', '55'],
    ['lb1:\n    role', '#### Node', 'A virtual machine', ''],
    ['kube:\n    cidr', '#### Network', 'A network that nodes are on', ''],
    ['mode: open', '#### Mode', 'no firewall rules: the generated firewall decides', 'open'],
    ['router: 10.17.4.1', '#### Router', "The guests' default gateway", '192.168.0.1'],
    ['backends: { role', '#### Backends', 'The role whose nodes answer', 'master'],
    ['keepalived:\n', '#### Keepalived', 'How members watch one another', 'fall: 1'],
  ])('at `%s` title, description and example', async (needle, ...expected) => {
    const text = await hover(needle);
    for (const part of expected) expect(text).toContain(part);
  });
});

describe('when one is wrong, the editor shows', () => {
  it.each(MODELS)('nothing in %s, which is right', async (file) => {
    const text = readFileSync(inProject(file), 'utf8');
    expect(await editor.diagnose(text)).toEqual([]);
  });

  it('one message at the right place for each mistake at each place of the schema', async () => {
    const mistakes = allMistakes(2);
    const results = await Promise.all(mistakes.map(({ text }) => editor.diagnose(text)));
    const wrong = mistakes.flatMap(({ title, text, editor: span }, index) => {
      const places = (results[index] ?? []).map(shown);
      const isRight = places.length === 1 && places[0]?.startsWith(`${place(text, span)} `);
      return isRight ? [] : [{ title, expected: place(text, span), shown: places }];
    });
    expect(wrong).toEqual([]);
    const tried = new Set(mistakes.map(({ pointer }) => pointer));
    // A variable of the inventory takes every value, so there is no wrong one.
    const places = allPlaces()
      .filter(({ schema }) => !whole(schema).type?.includes('null'))
      .map(({ pointer }) => pointer);
    expect(places.filter((pointer) => !tried.has(pointer) && !isForm(pointer))).toEqual([]);
  });

  it.each(restrictions)('one message of its own for $title', async (restriction) => {
    const { text, span } = broken(restriction);
    const diagnostics = await editor.diagnose(text);
    expect(diagnostics.map(shown)).toEqual([`${place(text, span)} ${restriction.message}`]);
  });

  it('a message of its own for each condition of the schema', () => {
    expect([...new Set(restrictions.map(({ message }) => message))].sort()).toEqual(
      conditionMessages().sort(),
    );
  });
});

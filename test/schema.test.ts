import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { parse, parseDocument } from 'yaml';
import { resolveCluster } from '../src/resolve/resolve-cluster.ts';
import { formats } from '../src/validate/formats.ts';
import { validateSchema } from '../src/validate/validate-schema.ts';
import { inProject } from './support/paths.ts';
import { metPlaces } from './tools/editor/mistakes.ts';
import { allPlaces, at, meetings, type Place, schema, whole } from './tools/editor/schema-places.ts';

const places = allPlaces();
const properties = places.filter(({ pointer }) => /\/properties\/\w+$/.test(pointer));

/** The places for which something is not so. */
function exceptions(of: readonly Place[], isSo: (place: Place) => boolean): string[] {
  return of.filter((place) => !isSo(place)).map(({ pointer }) => pointer);
}

/** Whether a model has to say a property. */
function isRequired({ pointer }: Place): boolean {
  const [, parent = '#', key = ''] = /^(.*)\/properties\/(\w+)$/.exec(pointer) ?? [];
  return at(parent).schema.required?.includes(key) === true;
}

/** Whether a property is a map of optional keys: their defaults are its own. */
function isGroup({ schema: own }: Place): boolean {
  const { type, properties: members, required } = whole(own);
  return type === 'object' && members !== undefined && required === undefined;
}

describe('every property of the schema', () => {
  it('has a title', () => {
    expect(exceptions(properties, (place) => Boolean(whole(place.schema).title))).toEqual([]);
  });

  it('has a description', () => {
    expect(exceptions(properties, (place) => Boolean(whole(place.schema).markdownDescription))).toEqual([]);
  });

  it('has an example', () => {
    expect(exceptions(properties, (place) => Boolean(whole(place.schema).examples?.length))).toEqual([]);
  });

  it('that is optional has a default, or says what it is', () => {
    const optional = properties.filter((place) => !isRequired(place) && !isGroup(place));
    expect(optional.length).toBeGreaterThan(40);
    const says = ({ schema: own }: Place) => {
      const { default: value, markdownDescription = '' } = whole(own);
      return value !== undefined || /(^|\n\n)Default(: | port: )\S/.test(markdownDescription);
    };
    expect(exceptions(optional, says)).toEqual([]);
  });

  it('that is one of several words says what each of them means', () => {
    const choices = places.filter(({ schema: own }) => whole(own).enum !== undefined);
    expect(choices.length).toBeGreaterThan(8);
    const explains = ({ schema: own }: Place) =>
      whole(own).enum?.length === whole(own).enumDescriptions?.length;
    expect(exceptions(choices, explains)).toEqual([]);
  });

  it('that is a text of some form says which, so that editors can', () => {
    const forms = Object.entries(schema.definitions ?? {}).map(([name, own]) => ({
      pointer: name,
      schema: own,
    }));
    const texts = [...forms, ...places].filter(({ schema: own }) => own.pattern !== undefined);
    expect(texts.length).toBeGreaterThan(10);
    expect(
      exceptions(texts, ({ schema: own }) => /^Expected (a|an|the) .*[^.]$/.test(own.errorMessage ?? '')),
    ).toEqual([]);
  });

  it('has examples and a default that are right by its own schema', () => {
    const ajv = new Ajv({ strict: false, formats });
    ajv.addSchema({ ...schema, $id: 'cluster' });
    const wrong = places.flatMap(({ pointer, schema: own }) => {
      const { examples = [], default: value } = whole(own);
      const validate = ajv.compile({ $ref: `cluster${pointer}` });
      const values = value === undefined ? examples : [...examples, value];
      return values
        .filter((example) => !validate(example))
        .map((example) => `${pointer}: ${JSON.stringify(example)}`);
    });
    expect(wrong).toEqual([]);
  });

  it('stands in test/models/full.yaml, each form of it there or in the smallest model', () => {
    const met = new Set(metPlaces().map(({ pointer }) => pointer));
    expect(exceptions(places, ({ pointer }) => met.has(pointer))).toEqual([]);
    const full = new Set(
      meetings(parse(readFileSync(inProject('test/models/full.yaml'), 'utf8'))).map(({ pointer }) => pointer),
    );
    expect(exceptions(properties, ({ pointer }) => full.has(pointer))).toEqual([]);
  });
});

/** The smallest model with values put at paths. */
function smallestWith(values: readonly Said[]): unknown {
  const document = parseDocument(readFileSync(inProject('examples/smallest/cluster.yaml'), 'utf8'));
  for (const [path, value] of values) document.setIn(path.split('.'), document.createNode(value));
  return document.toJS();
}

function clusterOf(...values: readonly Said[]) {
  const validated = validateSchema(smallestWith(values));
  if (!('model' in validated)) throw new Error(JSON.stringify(validated.findings));
  const { cluster, findings } = resolveCluster(validated.model);
  if (cluster === undefined) throw new Error(JSON.stringify(findings));
  return cluster;
}

/** A path in the model, its steps joined by dots, and a value that is said there. */
type Said = readonly [path: string, value: unknown];

/** Groups that are nothing without their required keys. */
const NEEDED: readonly Said[] = [
  ['firewall.rules', [{ chain: 'input', rule: 'tcp dport 9100 accept' }]],
  ['loadBalancing.haproxy.stats', { password: 'vault_haproxy_stats_password' }],
  [
    'kubernetes',
    { distribution: 'k3s', datastore: { engine: 'mysql', at: 'master1', password: 'vault_db' } },
  ],
];

/** A network that may have one of them, which others may not. */
const NAT: Said = ['networks.tools', { cidr: '10.17.6.0/24', bridge: 'virbr_tools', mode: 'nat' }];

/** The groups of optional keys that the smallest model does not have, empty. */
const GROUPS: readonly Said[] = [
  ['hypervisors.kvm1.terraform', {}],
  ['networks.lan.router', { ip: '192.168.0.1' }],
  ['networks.tools.nat', {}],
  ['loadBalancing.keepalived', {}],
  ...NEEDED,
];

describe('a default of the schema is what the compiler uses', () => {
  // Every property with a default of every map that the model has.
  const defaults = meetings(smallestWith([NAT, ...GROUPS])).flatMap(({ schema: own, path }) =>
    Object.entries(whole(own).properties ?? {}).flatMap(([key, property]) => {
      const value = whole(property).default;
      return value === undefined ? [] : [{ key, path: [...path, key].join('.'), value }];
    }),
  );

  it.each(defaults)('$path: $value', ({ path, value }) => {
    expect(clusterOf(NAT, ...GROUPS, [path, value])).toEqual(clusterOf(NAT, ...NEEDED));
  });

  it('and each of them was tried', () => {
    const tried = new Set(defaults.map(({ key }) => key));
    const said = properties.filter(({ schema: own }) => whole(own).default !== undefined);
    expect(said.length).toBeGreaterThan(15);
    expect(exceptions(said, ({ pointer }) => tried.has(pointer.split('/').at(-1) ?? ''))).toEqual([]);
  });
});

describe('a default that a description tells is what the compiler uses', () => {
  const keepalived = 'loadBalancing.keepalived';
  const kube = {
    distribution: 'kubeadm',
    podCidr: '10.244.0.0/16',
    serviceCidr: '10.96.0.0/12',
    cni: 'flannel',
  };
  const k3s = { distribution: 'k3s', podCidr: '10.42.0.0/16', serviceCidr: '10.43.0.0/16', cni: 'flannel' };

  it.each<[what: string, without: Said[], said: Said[]]>([
    ['the ranges and plugin of k3s', [], [['kubernetes', k3s]]],
    [
      'those of rke2',
      [['kubernetes', 'rke2']],
      [['kubernetes', { ...k3s, distribution: 'rke2', cni: 'canal' }]],
    ],
    ['those of kubeadm', [['kubernetes', 'kubeadm']], [['kubernetes', kube]]],
    ...Object.entries({ postgres: 5432, mysql: 3306, etcd: 2379 }).map(
      ([engine, port]): [string, Said[], Said[]] => {
        const password = engine === 'etcd' ? {} : { password: 'vault_db' };
        const datastore = { engine, at: 'worker1', ...password };
        return [
          `the port of ${engine}`,
          [['kubernetes', { distribution: 'k3s', datastore }]],
          [['kubernetes.datastore.port', port]],
        ];
      },
    ),
    ['the controller is the hypervisor', [], [['controller', 'kvm1']]],
    ['its address is that of its first bridge with one', [], [['hypervisors.kvm1.ip', '192.168.0.40']]],
    ["it asks the router of its bridge's network", [], [['hypervisors.kvm1.dns', ['192.168.0.1']]]],
    ['the router is the first address', [], [['networks.kube.router', '10.17.4.1']]],
    [
      'it is outside where the hypervisor has another address',
      [],
      [['networks.lan.router', { ip: '192.168.0.1', owner: 'outside' }]],
    ],
    ['else it is the hypervisor', [], [['networks.kube.router', { owner: 'hypervisor' }]]],
    [
      'guests ask the router',
      [],
      [
        ['networks.lan.dns', ['192.168.0.1']],
        ['networks.kube.dns', ['10.17.4.1']],
      ],
    ],
    [
      'or the nodes that provide DNS',
      [['nodes.lb2.provides', ['dns']]],
      [['networks.kube.dns', ['192.168.0.51']]],
    ],
    [
      'unless its mode keeps guests from there',
      [
        ['nodes.lb2.provides', ['dns']],
        ['networks.kube.mode', 'isolated'],
      ],
      [['networks.kube.dns', ['10.17.4.1']]],
    ],
    ["a network's domain is the cluster's", [], [['networks.kube.domain', 'kube.internal']]],
    [
      "Terraform's folder and label are the network's name",
      [],
      [['networks.kube.terraform', { dir: 'kube', resource: 'kube' }]],
    ],
    ['the user on Flatcar is core', [['nodes.lb1.os', 'flatcar']], [['nodes.lb1.user', 'core']]],
    [
      'no other names and services',
      [],
      [
        ['nodes.lb1.aliases', []],
        ['nodes.lb1.provides', []],
      ],
    ],
    ['the VRID is the last octet', [], [['vips.api.vrid', 55]]],
    ['the first member has priority 150, the next 140', [], [['vips.api.members', { lb2: 140, lb1: 150 }]]],
    [
      "the backends' port is that of the frontend",
      [],
      [['vips.api.backends', { role: 'master', port: 6443 }]],
    ],
    ['an advertisement every 0.2 s', [], [[`${keepalived}.advertInterval`, 0.2]]],
    ['every second with VRRPv2', [[`${keepalived}.vrrpVersion`, 2]], [[`${keepalived}.advertInterval`, 1]]],
    ["the ruleset's name is the cluster's", [], [['firewall.path', '/etc/nftables/home.conf']]],
    [
      'no flows and verifications of its own',
      [],
      [
        ['firewall.flows', []],
        ['loadBalancing.haproxy.sections', {}],
        ['firewall.rules', []],
        ['variables', {}],
        ['verify', []],
      ],
    ],
  ])('%s', (_what, without, said) => {
    expect(clusterOf(...without, ...said)).toEqual(clusterOf(...without));
  });
});

import type { Finding, Path } from '../diagnostics/diagnostic.ts';
import type { Model } from '../validate/model.ts';
import type { Vip } from './cluster.ts';
import { entries } from './entries.ts';
import { frontendName } from './frontend-name.ts';
import type { HaproxySection } from './load-balancing.ts';

const ORIGIN: Path = ['loadBalancing', 'haproxy', 'sections'];

/** Words that open a section, whatever blanks are before them (HAProxy, src/cfgparse.c, init of the sections). */
const OPENING: readonly string[] = (
  'global defaults frontend backend listen resolvers userlist cache peers mailers ring http-errors program fcgi-app ' +
  'log-forward log-profile crt-store traces ruleset'
).split(' ');

/** The sections that are said word for word, in the order of their names, and what is wrong with them. */
export function resolveSections(
  { loadBalancing }: Model,
  vips: readonly Vip[],
): { sections: HaproxySection[]; findings: Finding[] } {
  const sections = entries(loadBalancing?.haproxy?.sections ?? {}).map(([header, lines]): HaproxySection => {
    const [kind = '', name = ''] = header.split(' ');
    return { kind, name, lines, origin: [...ORIGIN, header] };
  });
  const findings = sections.flatMap((section, index) => [
    ...nameTaken(section, sections.slice(0, index), vips),
    ...section.lines.flatMap((line, at) => wrongLine(line, [...section.origin, at])),
  ]);
  return { sections, findings };
}

/** Whether a section is a proxy, which has settings of `defaults`. */
export function isProxy(kind: string): boolean {
  return ['frontend', 'backend', 'listen'].includes(kind);
}

/** Proxies share one set of names, but for a frontend and a backend, of which each VIP has one of each. */
function nameTaken(
  { kind, name, origin }: HaproxySection,
  before: readonly HaproxySection[],
  vips: readonly Vip[],
): Finding[] {
  if (!isProxy(kind)) return [];
  const ours = vips
    .flatMap((vip) =>
      vip.frontends.map((frontend) => ({ at: frontend.origin, name: frontendName(vip, frontend) })),
    )
    .find((frontend) => frontend.name === name);
  const theirs = before.find(
    (other) => other.name === name && isProxy(other.kind) && (kind === 'listen' || other.kind === 'listen'),
  );
  const at = ours?.at ?? theirs?.origin;
  if (at === undefined) return [];
  return [
    {
      rule: 'duplicate-name',
      at: origin,
      part: 'key',
      message: `HAProxy has a section "${name}" already`,
      related: [{ at, message: 'that one is here' }],
      help: 'give it another name',
    },
  ];
}

/** The schema lets a line begin with a plain word only: HAProxy takes `back"end"` for backend, too. */
function wrongLine(line: string, at: Path): Finding[] {
  const [word = ''] = line.split(' ');
  if (!OPENING.includes(word)) return [];
  const message = `"${word}" begins another section`;
  const help = 'each section is an entry of its own; global and defaults are not among them';
  return [{ rule: 'wrong-value', at, message, help }];
}

import { type Finding, formatPath, type Path } from '../diagnostics/diagnostic.ts';
import { adviceOf, didYouMean, slipOf } from '../diagnostics/suggest.ts';
import type { Cluster, Waiver } from '../resolve/cluster.ts';
import { rules } from './rules/index.ts';

/** The code of a waiver that waives nothing. */
export const UNUSED_WAIVER = 'waiver-unused';

/** What the rules find in a cluster, but for what it waives; a waiver that waives nothing is a finding, too. */
export function runRules(cluster: Cluster): Finding[] {
  const findings = rules.flatMap(({ id, severity, check }) =>
    [...check(cluster)].map((violation): Finding => ({ ...violation, rule: id, severity })),
  );
  const left = findings
    .filter((finding) => !cluster.waivers.some((waiver) => waives(waiver, finding)))
    .map((finding) => withSafeFix(finding, cluster.waivers));
  const idle = cluster.waivers.filter((waiver) => !findings.some((finding) => waives(waiver, finding)));
  const isKnown = ({ rule }: Waiver) => rules.some(({ id }) => id === rule);
  return [...left, ...idle.map((waiver) => (isKnown(waiver) ? idleWaiver : unknownRule)(waiver, left))];
}

/** A finding without its fix where that would take an item out of a list that waivers count the items of. */
function withSafeFix(finding: Finding, waivers: readonly Waiver[]): Finding {
  const { fix, ...advice } = finding;
  const list = `${formatPath(finding.at.slice(0, -1))}[`;
  const isCounted = typeof finding.at.at(-1) === 'number' && waivers.some(({ at }) => at.startsWith(list));
  return fix === 'remove' && isCounted ? advice : finding;
}

function waives({ rule, at }: Pick<Waiver, 'rule' | 'at'>, finding: Finding): boolean {
  return finding.rule === rule && isAtOrBelow(finding.at, at);
}

/** Whether a path is the one that is said, as people write it, or further down. */
function isAtOrBelow(path: Path, said: string): boolean {
  return path.some((_, index) => formatPath(path.slice(0, index + 1)) === said);
}

function idleWaiver({ rule, at, origin }: Waiver, left: readonly Finding[]): Finding {
  // Where the rule is broken at another place, the waiver may be meant for that one.
  const isNeedless = left.every((finding) => finding.rule !== rule);
  return {
    rule: UNUSED_WAIVER,
    severity: 'warning',
    at: origin,
    message: `nothing at ${at} breaks the rule "${rule}"`,
    help: 'remove the waiver; `at` is a path such as vips.api or networks.lan.dhcp',
    ...(isNeedless ? { fix: 'remove' } : {}),
  };
}

function unknownRule({ rule, at, origin }: Waiver, left: readonly Finding[]): Finding {
  const ids = rules.map(({ id }) => id);
  const meant = slipOf(rule, ids);
  const isNeeded = meant !== undefined && left.some((finding) => waives({ rule: meant, at }, finding));
  return {
    rule: 'unknown-name',
    severity: 'error',
    at: [...origin, 'rule'],
    message: `there is no rule "${rule}" that could be waived`,
    ...(isNeeded ? adviceOf(meant, true) : { help: didYouMean(rule, ids, '`gen-infra explain` lists them') }),
  };
}

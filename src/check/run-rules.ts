import { type Finding, formatPath, type Path } from '../diagnostics/diagnostic.ts';
import { didYouMean } from '../diagnostics/suggest.ts';
import type { Cluster, Waiver } from '../resolve/cluster.ts';
import { rules } from './rules/index.ts';

/** What the rules find in a cluster, but for what it waives; a waiver that waives nothing is a finding, too. */
export function runRules(cluster: Cluster): Finding[] {
  const findings = rules.flatMap(({ id, severity, check }) =>
    [...check(cluster)].map((violation): Finding => ({ ...violation, rule: id, severity })),
  );
  const waives = (waiver: Waiver) => (finding: Finding) =>
    finding.rule === waiver.rule && isAtOrBelow(finding.at, waiver.at);
  const idle = cluster.waivers.filter((waiver) => !findings.some(waives(waiver)));
  const left = findings.filter((finding) => !cluster.waivers.some((waiver) => waives(waiver)(finding)));
  return [...left, ...idle.map(idleWaiver)];
}

/** Whether a path is the one that is said, as people write it, or further down. */
function isAtOrBelow(path: Path, said: string): boolean {
  return path.some((_, index) => formatPath(path.slice(0, index + 1)) === said);
}

function idleWaiver({ rule, at, origin }: Waiver): Finding {
  const ids = rules.map(({ id }) => id);
  if (ids.includes(rule)) {
    return {
      rule: 'waiver-unused',
      severity: 'warning',
      at: origin,
      message: `nothing at ${at} breaks the rule "${rule}"`,
      help: 'remove the waiver; `at` is a path such as vips.api or networks.lan.dhcp',
    };
  }
  return {
    rule: 'unknown-name',
    severity: 'error',
    at: [...origin, 'rule'],
    message: `there is no rule "${rule}" that could be waived`,
    help: didYouMean(rule, ids, '`gen-infra explain` lists them'),
  };
}

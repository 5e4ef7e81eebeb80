import type { Cluster } from '../../resolve/cluster.ts';
import { defineRule } from '../rule.ts';

/** Seconds. */
const LIMIT = 5;

export const failoverSlow = defineRule({
  id: 'failover-slow',
  severity: 'warning',
  docs: {
    summary: 'a virtual IP takes more than five seconds to move',
    why: 'Nobody answers at the address until then. A lost machine is missed after the Master_Down_Interval, 3 x interval + skew, where the skew is (256 - priority) / 256 of the interval in VRRPv3 (RFC 9568, 6.1) and of a second in VRRPv2 (RFC 3768, 6.1). A HAProxy that has stopped is noticed after `fall` checks in a row; then the holder resigns with priority 0, and only the skew remains.',
    help: 'Lower `advertInterval` for lost machines, `checkInterval` or `fall` for a stopped HAProxy. The defaults give 0.7 and 2.1 seconds.',
    fails: 'loadBalancing:\n  keepalived: { advertInterval: 2 }',
    passes: 'loadBalancing:\n  keepalived: { vrrpVersion: 2, advertInterval: 1, checkInterval: 2, fall: 2 }',
  },
  *check({ vips, keepalived }) {
    const { vrrpVersion, advertInterval, checkInterval, fall } = keepalived;
    const next = lowestSuccessor({ vips });
    if (next === undefined) return;
    const skew = ((256 - next) / 256) * (vrrpVersion === 3 ? advertInterval : 1);
    const skewText = `(256 - ${next}) / 256${vrrpVersion === 3 ? ` x ${advertInterval} s` : ' s'}`;
    const lost = 3 * advertInterval + skew;
    const stopped = fall * checkInterval + skew;
    if (lost > LIMIT) {
      yield {
        at: ['loadBalancing', 'keepalived', 'advertInterval'],
        message: `a lost machine is missed after ${round(lost)} s: 3 x ${advertInterval} s + ${skewText}`,
        help: `with \`advertInterval: 1\` it is ${round(3 + (256 - next) / 256)} s`,
      };
    }
    if (stopped > LIMIT) {
      yield {
        // The one that is beyond its default, which is 1.
        at: ['loadBalancing', 'keepalived', checkInterval > 1 ? 'checkInterval' : 'fall'],
        message: `a stopped HAProxy is noticed after ${round(stopped)} s: ${fall} x ${checkInterval} s + ${skewText}`,
        help: `with the defaults, \`checkInterval: 1\` and \`fall: 2\`, it is ${round(2 + skew)} s`,
      };
    }
  },
});

/** The lowest priority among the second members: those that take over when the first one fails. */
function lowestSuccessor({ vips }: Pick<Cluster, 'vips'>): number | undefined {
  const seconds = vips.flatMap(({ members: [, second] }) => second?.priority ?? []);
  return seconds.length === 0 ? undefined : Math.min(...seconds);
}

function round(seconds: number): number {
  return Math.round(seconds * 10) / 10;
}

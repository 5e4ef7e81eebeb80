import type { Model } from '../validate/model.ts';
import type { Haproxy, Keepalived } from './load-balancing.ts';

export function resolveKeepalived({ loadBalancing }: Model): Keepalived {
  const { vrrpVersion = 3, authPass, ...said } = loadBalancing?.keepalived ?? {};
  const advertInterval = said.advertInterval ?? (vrrpVersion === 3 ? 0.2 : 1);
  const transport = 'unicast' as const;
  const timings = { checkInterval: 1, fall: 2, rise: 3 };
  return { vrrpVersion, ...timings, transport, preempt: false, ...said, advertInterval, authPass };
}

export function resolveHaproxy({ loadBalancing }: Model, sections: Haproxy['sections']): Haproxy {
  const { stats, ...said } = loadBalancing?.haproxy ?? {};
  return {
    connectTimeout: '1s',
    idleTimeout: '1m',
    tunnelTimeout: '4h',
    checkInterval: '1s',
    checkTimeout: '2s',
    fall: 3,
    rise: 2,
    maxConnections: 4000,
    ...said,
    sections,
    stats: stats === undefined ? undefined : { port: 8404, user: 'admin', ...stats },
  };
}

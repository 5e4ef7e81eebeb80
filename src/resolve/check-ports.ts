import type { Finding, Path } from '../diagnostics/diagnostic.ts';
import type { Frontend, Vip } from './cluster.ts';
import type { Haproxy } from './load-balancing.ts';

/** Where HAProxy answers Keepalived, on 127.0.0.1. */
export const MONITOR_PORT = 8405;

const STATS: Path = ['loadBalancing', 'haproxy', 'stats', 'port'];

/**
 * HAProxy listens on an address and port once for each that is said, and the kernel deals connections out among them:
 * `haproxy -c` finds nothing wrong with that.
 */
export function checkPorts(vips: readonly Vip[], { stats }: Pick<Haproxy, 'stats'>): Finding[] {
  const twice = vips.flatMap(({ frontends }) =>
    frontends.flatMap((frontend, index): Finding[] => {
      const other = frontends.slice(0, index).find(({ port }) => port === frontend.port);
      return other === undefined ? [] : [portTwice(other, frontend)];
    }),
  );
  return stats === undefined ? twice : [...twice, ...wrongStats(stats.port, vips)];
}

function portTwice(first: Frontend, second: Frontend): Finding {
  return {
    rule: 'duplicate-port',
    at: [...second.origin, 'port'],
    message: `the frontends "${first.name}" and "${second.name}" of one VIP have the same port ${first.port}`,
    related: [{ at: [...first.origin, 'port'], message: 'the other one is here' }],
    help: 'give each a port of its own',
  };
}

/** firewalld opens a frontend's port on every address of a load balancer, the page's among them. */
function wrongStats(port: number, vips: readonly Vip[]): Finding[] {
  const refuse = (what: string, related: Finding['related'] = []): Finding => ({
    rule: 'duplicate-port',
    at: STATS,
    message: `the port ${port} of the statistics page is also that of ${what}`,
    related,
    help: 'give the page a port of its own',
  });
  if (port === MONITOR_PORT) return [refuse('the page that Keepalived asks whether HAProxy works')];
  const frontend = vips.flatMap(({ frontends }) => frontends).find((candidate) => candidate.port === port);
  if (frontend === undefined) return [];
  const at = [...frontend.origin, 'port'];
  return [refuse(`the frontend "${frontend.name}"`, [{ at, message: 'that one is here' }])];
}

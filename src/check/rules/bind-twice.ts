import type { Path } from '../../diagnostics/diagnostic.ts';
import { MONITOR_PORT } from '../../resolve/check-ports.ts';
import type { Cluster } from '../../resolve/cluster.ts';
import { vipMembers } from '../../resolve/vip-members.ts';
import { defineRule } from '../rule.ts';

export const bindTwice = defineRule({
  id: 'bind-twice',
  severity: 'error',
  docs: {
    summary: 'a HAProxy section of your own listens where something else does',
    why: 'HAProxy sets SO_REUSEPORT, so that two of its sockets can have one address and port, and the kernel deals connections out among them (socket(7)): now one section answers and now the other. `haproxy -c` finds nothing wrong with it. What another process has on all addresses, as the SSH server has port 22, keeps HAProxy from starting.',
    help: 'Give the section an address or a port of its own. A bind on all addresses collides with none on a single one, which the kernel prefers.',
    fails:
      'loadBalancing:\n  haproxy: { sections: { listen db: ["bind 192.168.0.55:6443", "server db1 10.17.4.31:5432"] } }',
    passes:
      'loadBalancing:\n  haproxy: { sections: { listen db: ["bind *:6443", "server db1 10.17.4.31:6443"] } }',
  },
  *check(cluster) {
    const known = ourListeners(cluster);
    for (const { kind, name, lines, origin } of cluster.haproxy.sections) {
      for (const [index, line] of lines.entries()) {
        for (const said of bindsOf(line)) {
          const listener = { ...said, name: `the section "${kind} ${name}"`, at: [...origin, index] };
          const other = known.find((candidate) => collide(candidate, listener));
          known.push(listener);
          if (other === undefined) continue;
          yield {
            at: listener.at,
            message: `"${said.text}" is where ${other.name} listens already`,
            ...(other.at === undefined ? {} : { related: [{ at: other.at, message: 'that is here' }] }),
            help: 'give it another port, or an address that nothing else has',
          };
        }
      }
    }
  },
});

interface Bind {
  /** Undefined for all addresses. */
  readonly address: string | undefined;
  readonly first: number;
  readonly last: number;
}

interface Listener extends Bind {
  readonly name: string;
  readonly at?: Path;
  /** Whether it is of another process, which shares its port with nobody. */
  readonly isForeign?: boolean;
}

/** The addresses and ports of a line `bind`; those in other forms, such as sockets of Unix, collide with nothing here. */
function bindsOf(line: string): (Bind & { readonly text: string })[] {
  const [, said = ''] = /^bind\s+(\S+)/.exec(line) ?? [];
  return said.split(',').flatMap((text) => {
    const [, address, first, last = first] = /^([\d.]+|\*)?:(\d+)(?:-(\d+))?$/.exec(text) ?? [];
    if (first === undefined) return [];
    const isAny = address === undefined || address === '*' || address === '0.0.0.0';
    return [{ address: isAny ? undefined : address, first: Number(first), last: Number(last), text }];
  });
}

function ourListeners(cluster: Cluster): Listener[] {
  const at = (address: string | undefined, port: number) => ({ address, first: port, last: port });
  const { stats } = cluster.haproxy;
  return [
    { ...at(undefined, 22), name: 'the SSH server', isForeign: true },
    { ...at('127.0.0.1', MONITOR_PORT), name: 'the page that Keepalived asks' },
    ...cluster.vips.flatMap(({ ip, frontends }) =>
      frontends.map(({ name, port, origin }) => ({
        ...at(ip.toString(), port),
        name: `the frontend "${name}"`,
        at: [...origin, 'port'],
      })),
    ),
    ...vipMembers(cluster).flatMap(({ ip }) =>
      stats === undefined
        ? []
        : [
            {
              ...at(ip.toString(), stats.port),
              name: 'the statistics page',
              at: ['loadBalancing', 'haproxy', 'stats'],
            },
          ],
    ),
  ];
}

/** On all addresses and on one of them is no collision inside HAProxy: the kernel prefers the one. */
function collide(known: Listener, said: Bind): boolean {
  const isOneAddress = known.isForeign === true || known.address === said.address;
  return isOneAddress && known.first <= said.last && said.first <= known.last;
}

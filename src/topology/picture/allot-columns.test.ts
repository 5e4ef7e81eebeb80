import { describe, expect, it } from 'vitest';
import type { NetworkBox } from '../topology.ts';
import { allotColumns } from './allot-columns.ts';

/** A network with so many nodes of each role. */
function network(...roles: readonly number[]): NetworkBox {
  return networkOf('node', roles);
}

function networkOf(name: string, roles: readonly number[]): NetworkBox {
  const card = { id: 'node', name, ip: '10.0.0.1', provides: [] };
  return {
    id: 'net',
    name: 'net',
    cidr: '10.0.0.0/24',
    router: { ip: '10.0.0.1', isOutside: false, owner: 'host', returnRoute: false },
    dhcp: undefined,
    foreignDhcp: undefined,
    groups: roles.map((count, index) => ({
      roles: `role${index}`,
      nodes: Array.from({ length: count }, () => card),
      vips: [],
    })),
  };
}

describe('the columns of networks in a row', () => {
  it.each([
    ['one network has as many as its nodes use', [network(3)], 800, [3]],
    ['one network has as many as there is room for', [network(12)], 800, [6]],
    ['the larger network has more', [network(1), network(3, 3)], 800, [1, 3]],
    ['an empty network has one', [network(), network(2)], 800, [1, 2]],
    [
      'small networks of equal height are both widened where there is ample room',
      [network(2), network(2)],
      800,
      [2, 2],
    ],
    ['but not where the cards would be too narrow', [network(4), network(2)], 400, [2, 1]],
  ] as const)('%s', (_name, networks, room, columns) => {
    expect(allotColumns(networks, room).columns).toEqual(columns);
  });

  it('are fewer where the names of nodes would be cut', () => {
    const named = (name: string) => allotColumns([networkOf(name, [4]), network(2)], 400).columns;
    expect(named('lb1')).toEqual([2, 1]);
    expect(named('external-balancer-1')).toEqual([1, 1]);
  });

  it('are never narrower than a card, and fill the room up to the widest card', () => {
    expect(allotColumns([network(12)], 800).cardWidth).toBe(126);
    expect(allotColumns([network(1)], 800).cardWidth).toBe(220);
  });
});

import type { Finding } from '../diagnostics/diagnostic.ts';
import type { Member, Nic } from '../resolve/cluster.ts';

type Said = Required<Pick<Finding, 'at' | 'part'>>;

/** The name of a member: a value in a list, a key in a map of priorities. */
export function memberAt({ origin }: Pick<Member, 'origin'>): Said {
  return { at: origin, part: typeof origin.at(-1) === 'number' ? 'value' : 'key' };
}

/** The name of a card: a key under `nics`, or what `interface` says. */
export function interfaceAt({ origin }: Pick<Nic, 'origin'>): Said {
  return origin[2] === 'nics' ? { at: origin, part: 'key' } : { at: [...origin, 'interface'], part: 'value' };
}

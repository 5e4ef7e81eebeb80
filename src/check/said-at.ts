import type { Finding } from '../diagnostics/diagnostic.ts';
import type { Nic } from '../resolve/cluster.ts';

/** The name of a card: a key under `nics`, or what `interface` says. */
export function interfaceAt({ origin }: Pick<Nic, 'origin'>): Required<Pick<Finding, 'at' | 'part'>> {
  return origin[2] === 'nics' ? { at: origin, part: 'key' } : { at: [...origin, 'interface'], part: 'value' };
}

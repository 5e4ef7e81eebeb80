import { Cidr } from '../net/cidr.ts';
import type { Network as SaidNetwork } from '../validate/model.ts';

/** The ranges of a network before anything is resolved, the first one first. */
export function saidRanges({ cidr }: Pick<SaidNetwork, 'cidr'>): [Cidr, ...Cidr[]] {
  const [first = '', ...others] = typeof cidr === 'string' ? [cidr] : cidr;
  return [Cidr.of(first), ...others.map(Cidr.of)];
}

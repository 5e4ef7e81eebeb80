import type { Network } from '../../../src/validate/model.ts';
import { rangesOf } from '../round-trip/hand-ranges.ts';

/** The address of a network's range, the first or a later one, that ends on a number. */
export function addressIn(network: Network | undefined, last: number, range = 0): string {
  const ranges = network === undefined ? [] : rangesOf(network);
  const cidr = ranges[range % ranges.length] ?? '';
  return cidr.replace(/\.\d+\/\d+$/, `.${last}`);
}

/** A number as two digits of a MAC address or UUID. */
export function hex(number: number): string {
  return number.toString(16).padStart(2, '0');
}

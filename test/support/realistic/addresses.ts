import type { Network } from '../../../src/validate/model.ts';

/** The address of a network that ends on a number. */
export function addressIn(networks: Readonly<Record<string, Network>>, name: string, last: number): string {
  const cidr = networks[name]?.cidr ?? '';
  return cidr.replace(/\.\d+\/\d+$/, `.${last}`);
}

/** A number as two digits of a MAC address or UUID. */
export function hex(number: number): string {
  return number.toString(16).padStart(2, '0');
}

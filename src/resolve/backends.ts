import type { Backends, Frontend, Vip } from '../validate/model.ts';

/** The long form of `backends`. */
export function longBackends(backends: Backends): { readonly role: string; readonly port?: number } {
  return typeof backends === 'string' ? { role: backends } : backends;
}

/** The frontends of a VIP by name; that of the short form has the VIP's own name. */
export function longFrontends(
  name: string,
  { port, backends, frontends }: Vip,
): Readonly<Record<string, Frontend>> {
  if (frontends !== undefined) return frontends;
  return port === undefined || backends === undefined ? {} : { [name]: { port, backends } };
}

import type { Frontend, Vip } from './cluster.ts';

/** HAProxy's names are global: a VIP's only frontend has the VIP's own name, others that of both. */
export function frontendName(vip: Pick<Vip, 'name'>, { name }: Pick<Frontend, 'name'>): string {
  return name === vip.name ? name : `${vip.name}.${name}`;
}

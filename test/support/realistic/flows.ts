import fc from 'fast-check';
import type { Flow, Model, Verification } from '../../../src/validate/model.ts';

export const arbitraryFlow = fc.record({
  from: fc.uniqueArray(fc.nat(40), { minLength: 1, maxLength: 2 }),
  to: fc.uniqueArray(fc.nat(40), { minLength: 1, maxLength: 2 }),
  ports: fc.uniqueArray(fc.constantFrom(443, 5432, '53/udp', '30000-32767', 8080, 9100), { maxLength: 3 }),
  comment: fc.option(fc.constantFrom('metrics', "the team's own kubectl", 'web & <db>', '日本語')),
});
export type FlowShape = typeof arbitraryFlow extends fc.Arbitrary<infer T> ? T : never;

export function flowOf(seed: FlowShape, model: Model): Flow {
  const targets = machinesOf(model);
  const places = [...targets, ...Object.keys(model.networks), 'internet', '10.200.0.0/16'];
  return {
    ...ends(seed, places, places),
    ...(seed.ports.length > 0 ? { ports: seed.ports } : {}),
    ...(seed.comment === null ? {} : { comment: seed.comment }),
  };
}

export function verificationOf(seed: FlowShape, model: Model): Verification {
  const nodes = Object.keys(model.nodes);
  const ports = seed.ports.filter((port) => typeof port === 'number');
  return {
    ...ends(seed, [...nodes, 'nodes', 'kubernetes', ...Object.keys(model.networks)], machinesOf(model)),
    ...(ports.length > 0 ? { ports } : {}),
  };
}

/** What can answer. */
function machinesOf({ nodes, vips }: Model): string[] {
  return [
    'master',
    'nodes',
    'kubernetes',
    'kvm1',
    '192.168.0.10',
    '8.8.8.8',
    ...Object.keys(vips),
    ...Object.keys(nodes),
  ];
}

function ends({ from, to }: FlowShape, sources: readonly string[], targets: readonly string[]) {
  const pick = (places: readonly string[], at: readonly number[]) => [
    ...new Set(at.map((each) => places[each % places.length] ?? '')),
  ];
  return { from: pick(sources, from), to: pick(targets, to) };
}

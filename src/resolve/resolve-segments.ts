import type { Finding, Path } from '../diagnostics/diagnostic.ts';
import { didYouMean, suggest } from '../diagnostics/suggest.ts';
import type { Model } from '../validate/model.ts';
import type { BridgeRef, Segment } from './cluster.ts';
import { compareNames } from './compare-names.ts';
import { entries } from './entries.ts';

/** The segments of a model, in the order of names: those that are said, and each other bridge of a host by itself. */
export function resolveSegments(model: Model): { segments: Segment[]; findings: Finding[] } {
  const findings: Finding[] = [];
  const bridges = new Map(hostBridges(model).map((bridge) => [textOf(bridge), bridge]));
  const first = new Map<string, Path>();
  const said = entries(model.segments ?? {}).map(([name, texts]): Segment => {
    const origin = ['segments', name];
    const joined = texts.flatMap((text, index): BridgeRef[] => {
      const at = [...origin, index];
      const bridge = bridges.get(text);
      if (bridge === undefined) findings.push(unknownBridge(text, at, bridges));
      const other = first.get(text);
      if (other !== undefined) findings.push(inTwoSegments(text, at, other));
      first.set(text, other ?? at);
      return bridge === undefined || other !== undefined ? [] : [bridge];
    });
    return { name, origin, bridges: joined.sort((a, b) => compareNames(textOf(a), textOf(b))) };
  });
  const alone = [...bridges]
    .filter(([text]) => !first.has(text))
    .map(([, bridge]) => ownSegment(model, bridge));
  return { segments: [...said, ...alone], findings };
}

function hostBridges({ hypervisors }: Model): BridgeRef[] {
  return entries(hypervisors).flatMap(([hypervisor, { bridges }]) =>
    entries(bridges).map(([bridge]) => ({ hypervisor, bridge })),
  );
}

/** With one hypervisor a bridge's own name is enough. */
function ownSegment({ hypervisors }: Model, bridge: BridgeRef): Segment {
  const name = Object.keys(hypervisors).length === 1 ? bridge.bridge : textOf(bridge);
  return { name, origin: originOf(bridge), bridges: [bridge] };
}

function originOf({ hypervisor, bridge }: BridgeRef): Path {
  return ['hypervisors', hypervisor, 'bridges', bridge];
}

function textOf({ hypervisor, bridge }: BridgeRef): string {
  return `${hypervisor}.${bridge}`;
}

function unknownBridge(text: string, at: Path, bridges: ReadonlyMap<string, BridgeRef>): Finding {
  const known = [...bridges.keys()];
  const meant = bridges.get(suggest(text, known) ?? '');
  return {
    rule: 'unknown-name',
    at,
    message: `there is no bridge "${text}"`,
    ...(meant === undefined
      ? {}
      : { related: [{ at: originOf(meant), message: `"${textOf(meant)}" is here` }] }),
    help: didYouMean(text, known, `known: ${known.join(', ')}`),
  };
}

function inTwoSegments(text: string, at: Path, other: Path): Finding {
  return {
    rule: 'duplicate-name',
    at,
    message: `"${text}" is in two segments, which would make them one`,
    related: [{ at: other, message: 'the other one is here' }],
    help: 'name each bridge once',
  };
}

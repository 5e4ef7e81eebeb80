import { formatPath } from '../diagnostics/diagnostic.ts';
import type { Consequences } from './consequences.ts';
import type { Failure } from './failure.ts';
import type { Matrix } from './matrix.ts';
import type { Service, Target } from './needs.ts';
import { type Answer, type Hop, stopOf } from './reach.ts';

/** Who asks whom for what: in a matrix all that are alike. */
interface Ends extends Service {
  readonly from: readonly string[];
  readonly to: readonly Target[];
}

/** A connection for programs. */
export function connectionJson({ from, to, protocol, port }: Ends, answer: Answer) {
  const stop = stopOf(answer);
  return {
    from,
    to: to.map(({ name, ip }) => ({ name, ip: ip.toString() })),
    protocol,
    ...(port === undefined ? {} : { port }),
    delivered: stop === undefined,
    ...(stop === undefined ? {} : { stop: { message: stop.message, path: formatPath(stop.at) } }),
  };
}

/** The machines that a connection comes by. */
export function hopsJson({ question, answer }: Answer) {
  return { there: question.hops.map(hopJson), back: answer?.hops.map(hopJson) ?? [] };
}

function hopJson({ machine, saddr, daddr, card, via, passedBy }: Hop) {
  return {
    machine: machine.name,
    saddr: saddr.toString(),
    daddr: daddr.toString(),
    ...(card === undefined ? {} : { network: card.network.name }),
    ...(via === undefined ? {} : { via: via.toString() }),
    ...(passedBy === undefined || passedBy === '' ? {} : { passedBy }),
  };
}

/** What comes of a failure. */
export function failureJson(
  { names, down, cutOff }: Failure,
  { vips, etcd, networks, broken }: Consequences,
) {
  return {
    failed: names,
    down: [...down],
    cutOff: [...cutOff],
    vips: vips.map(({ vip, before = null, after = null }) => ({
      name: vip.name,
      ip: `${vip.ip}`,
      before,
      after,
    })),
    etcd: etcd ?? null,
    networks: networks.map(({ network, lost }) => ({ name: network.name, lost })),
    broken,
  };
}

/** Each cell of a matrix as a connection. */
export function matrixJson({ rows, columns }: Matrix) {
  return rows.flatMap(({ askers, cells }) =>
    cells.map(({ protocol, port, answer, needs }, column) => {
      const from = askers.map(({ name }) => name);
      const to = (columns[column] ?? []).map(({ target }) => target);
      return { ...connectionJson({ from, to, protocol, port }, answer), needed: needs.length > 0 };
    }),
  );
}

import type { Path } from '../../diagnostics/diagnostic.ts';
import type { Flow } from '../../resolve/cluster.ts';

/** The flows that hold another one, for messages: the derived ones by their reasons, those of the model by where they stand. */
export function nameHolders(by: readonly Flow[]): {
  names: string;
  related: { at: Path; message: string }[];
} {
  const derived = by
    .filter(({ origin }) => origin === undefined)
    .map(({ reason }) => `the derived "${reason}"`);
  const said = by.map(({ origin }) => origin).filter((origin) => origin !== undefined);
  const [, second] = said;
  const others = second === undefined ? 'another flow' : `${said.length} other flows`;
  const names = [...new Set(derived), ...(said.length === 0 ? [] : [others])];
  const message = second === undefined ? 'this one' : 'this one lets part of it pass';
  return {
    names: names.join(', ').replace(/, ([^,]*)$/, ' and $1'),
    related: said.map((at) => ({ at, message })),
  };
}

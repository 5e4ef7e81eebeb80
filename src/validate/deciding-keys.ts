import { type Finding, formatPath, type Path } from '../diagnostics/diagnostic.ts';
import { valueAt } from './json-pointer.ts';
import type { Mistake } from './mistake.ts';
import { schemaAt } from './schema-source.ts';

/** The keys that conditions around a value look at: with other values there it could belong where it is. */
export function decidingKeys({ pointer, path, root, data }: Mistake): NonNullable<Finding['related']> {
  const steps = pointer.split('/');
  const keys = steps.flatMap((step, index) => {
    if (step !== 'then' && step !== 'else') return [];
    const { properties = {}, required = [] } = schemaAt(root, [...steps.slice(0, index), 'if'].join('/'));
    const depth = steps.slice(index).filter((inner) => inner === 'properties').length;
    const around = path.slice(0, path.length - depth);
    return [...required, ...Object.keys(properties)].map((key) => [...around, key]);
  });
  const isOther = (at: Path) => at.length !== path.length || at.at(-1) !== path.at(-1);
  return [...new Map(keys.map((at) => [formatPath(at), at])).values()]
    .filter((at) => isOther(at) && valueAt(data, at) !== undefined)
    .map((at) => ({ at, message: `because of "${at.at(-1)}" here` }));
}

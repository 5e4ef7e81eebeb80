import { readFileSync } from 'node:fs';
import { test } from 'vitest';
import { applyToFreshMachines } from '../apply.ts';

/** A model of one's own: npm run rehearse -- MODEL. */
const model = process.env['REHEARSE_MODEL'] ?? '';

const get = applyToFreshMachines(() => readFileSync(model, 'utf8'));

test('what is not as in the model', () => {
  console.log(get().changes.join('\n') || 'nothing');
});

import { makeValidator } from '#cluster-validator';
import type { Finding } from '../diagnostics/diagnostic.ts';
import { explainErrors } from './explain-errors.ts';
import { formats } from './formats.ts';
import type { Model } from './model.ts';

const validate = makeValidator(formats);

/** The data as a model, or one finding per mistake against the schema. */
export function validateSchema(data: unknown): { model: Model; findings: [] } | { findings: Finding[] } {
  if (validate(data)) return { model: data as Model, findings: [] };
  return { findings: explainErrors(validate.errors ?? [], data) };
}

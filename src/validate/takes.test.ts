import { describe, expect, it } from 'vitest';
import type { Schema } from './schema-source.ts';
import { takes } from './takes.ts';

const root: Schema = { definitions: { port: { type: 'integer', minimum: 1, maximum: 65535 } } };
const port = { $ref: '#/definitions/port' };

describe('whether a schema takes a value', () => {
  it.each<[schema: Schema, value: unknown, expected: boolean]>([
    [port, 6443, true],
    [port, 65536, false],
    [port, 0, false],
    [port, '6443', false],
    [{ type: 'string', pattern: '^[a-z]+$' }, 'lb', true],
    [{ type: 'string', pattern: '^[a-z]+$' }, 'lb1', false],
    [{ type: 'string', format: 'ip' }, '10.17.4.256', false],
    [{ type: 'array' }, 6443, false],
    [{ type: 'array' }, [6443], true],
    [{ type: 'object' }, [6443], false],
    [{ type: 'object' }, { a: 1 }, true],
    [{ type: ['integer', 'string'] }, 6443, true],
    [{ if: { type: 'string' } }, { a: 1 }, true],
  ])('%j and %j: %s', (schema, value, expected) => {
    expect(takes(schema, value, root)).toBe(expected);
  });
});

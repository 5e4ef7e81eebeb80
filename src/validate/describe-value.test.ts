import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { describeValue, exampleText, quote } from './describe-value.ts';

describe('a value', () => {
  it.each([
    ['text', 'a text'],
    [5, 'a whole number'],
    [0.5, 'a number'],
    [Number.NaN, 'no finite number'],
    [true, 'a truth value'],
    [null, 'empty'],
    [[], 'a list'],
    [Object.create(null), 'a map'],
  ])('is described as people say it: %j is %s', (value, expected) => {
    expect(describeValue(value)).toBe(expected);
  });

  it.each([
    ['plain', '"plain"'],
    ['a "b"', '"a \\"b\\""'],
    ['line\nend', '"line\\nend"'],
    ['nb\u00a0sp', '"nb\\u{a0}sp"'],
    ['zw\u200bsp', '"zw\\u{200b}sp"'],
    ['x'.repeat(61), `"${'x'.repeat(57)}..."`],
    [6443, '6443'],
    [Number.POSITIVE_INFINITY, 'Infinity'],
    [true, 'true'],
  ])('is quoted so that all of it can be seen: %j as %s', (value, expected) => {
    expect(quote(value)).toBe(expected);
  });

  it.each([
    ['master', 'master'],
    ['192.168.0.1', '192.168.0.1'],
    ['10.17.4.0/24', '10.17.4.0/24'],
    ['52:54:00:c6:ba:3c', '52:54:00:c6:ba:3c'],
    ['qemu:///system', 'qemu:///system'],
    ['500ms', '500ms'],
    ['0.8.3', '"0.8.3"'],
    ['12', '"12"'],
    ['0.5', '"0.5"'],
    ['yes', '"yes"'],
    ['a: b', '"a: b"'],
    [6443, '6443'],
    [['a', 'b'], '[a, b]'],
    [{ role: 'worker', port: 80 }, '{ role: worker, port: 80 }'],
  ])('as an example is short YAML that reads back as itself: %j as %s', (value, expected) => {
    expect(exampleText(value)).toBe(expected);
    expect(parse(exampleText(value))).toEqual(value);
  });
});

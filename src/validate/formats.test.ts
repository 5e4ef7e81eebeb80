import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formats, parsers } from './formats.ts';
import { readSchemaText } from './schema-source.ts';

interface Form {
  readonly format?: string;
  readonly pattern?: string;
}

const definitions: Readonly<Record<string, Form>> = JSON.parse(readSchemaText()).definitions;

/** The schema's pattern for a format: all that an editor knows of it. */
function patternOf(format: string): RegExp {
  const form = Object.values(definitions).find((definition) => definition.format === format);
  if (form?.pattern === undefined) throw new Error(`no pattern for ${format}`);
  return new RegExp(form.pattern, 'u');
}

const octet = fc.oneof(fc.nat(255), fc.nat(299)).map(String);
const address = fc.array(octet, { minLength: 4, maxLength: 4 }).map((octets) => octets.join('.'));
const hex = fc.constantFrom(...'0123456789abcdefABCDEF');
const blank = fc.constantFrom('', ' ', '  ', '\t', '\n', '\u00a0');
const port = fc.oneof(fc.integer({ min: 1, max: 65_535 }), fc.nat(99_999)).map(String);

/** Texts of each format that are right or nearly so. */
const NEARLY: Readonly<Record<string, fc.Arbitrary<string>>> = {
  ip: address,
  cidr: fc.tuple(address, fc.nat(33)).map(([ip, length]) => `${ip}/${length}`),
  mac: fc
    .array(fc.tuple(hex, hex), { minLength: 5, maxLength: 7 })
    .map((octets) => octets.map((pair) => pair.join('')).join(':')),
  'address-range': fc
    .tuple(blank, address, blank, blank, address, blank)
    .map(([a, from, b, c, to, d]) => `${a}${from}${b}-${c}${to}${d}`),
  ports: fc
    .tuple(port, fc.option(port), fc.constantFrom('', '/tcp', '/udp', '/sctp'))
    .map(([from, to, name]) => `${from}${to === null ? '' : `-${to}`}${name}`),
  'port-span': fc.tuple(port, port).map((ends) => ends.join('-')),
  comment: fc.string({ unit: fc.constantFrom(...'ab網😀'), maxLength: 60 }),
};

/** The same with a character too many, too few or changed. */
function mistyped(text: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const character = fc.constantFrom('', ...'0127af.:-/ \n', 'u', '\u0661');
  return fc.tuple(text, fc.nat(40), fc.nat(1), character).map(([right, at, removed, other]) => {
    const index = at % (right.length + 1);
    return right.slice(0, index) + other + right.slice(index + removed);
  });
}

function texts(format: string): fc.Arbitrary<string> {
  const nearly = NEARLY[format] ?? fc.string();
  return fc.oneof(nearly, mistyped(nearly));
}

const RUNS = { numRuns: 5000 };

describe('the pattern that an editor knows and the parser that decides', () => {
  it.each(Object.keys(parsers))('never disagree where the parser takes a text: %s', (format) => {
    const pattern = patternOf(format);
    let taken = 0;
    const agree = (text: string) => {
      const isTaken = formats[format]?.(text) === true;
      taken += Number(isTaken);
      return !isTaken || pattern.test(text);
    };
    fc.assert(fc.property(texts(format), agree), RUNS);
    expect(taken).toBeGreaterThan(100);
  });

  it.each(['ip', 'mac'])('are the same for %s', (format) => {
    const pattern = patternOf(format);
    fc.assert(
      fc.property(texts(format), (text) => pattern.test(text) === formats[format]?.(text)),
      RUNS,
    );
  });

  it('differ for a network by its host bits alone', () => {
    const pattern = patternOf('cidr');
    const reasonOf = (text: string) => {
      const result = parsers['cidr']?.(text);
      return result?.ok === false ? result.problem.reason : 'inside the network';
    };
    fc.assert(
      fc.property(
        texts('cidr'),
        (text) => !pattern.test(text) || reasonOf(text).includes('inside the network'),
      ),
      RUNS,
    );
  });

  it('are there for each format of the schema', () => {
    const used = Object.values(definitions).flatMap(({ format }) => format ?? []);
    expect(used.sort()).toEqual(Object.keys(parsers).sort());
  });
});

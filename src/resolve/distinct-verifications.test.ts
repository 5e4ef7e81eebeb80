import { describe, expect, it } from 'vitest';
import { compileText, SMALLEST } from '../../test/support/compile.ts';
import { nameOf } from './name-of.ts';

/** What is tried at the API's virtual IP, where these are said to be tried as well. */
function tried(...verify: readonly string[]): string[] {
  const { verifications } = compileText(
    `${SMALLEST}\nverify:\n${verify.map((one) => `  - ${one}\n`).join('')}`,
  );
  return verifications
    .filter(({ to }) => nameOf(to) === 'api')
    .map(({ from, probe }) => [nameOf(from), probe.kind, 'port' in probe ? probe.port : ''].join(' '));
}

describe('a connection is tried once', () => {
  it.each([
    ['that more machines are to make anyway', ['{ from: worker1, to: api }'], ['kubernetes readyz 6443']],
    [
      'that the same machines are to make under another name',
      ['{ from: kube, to: api }'],
      ['kubernetes readyz 6443'],
    ],
    [
      'that more machines are to make by what is said later',
      ['{ from: lb1, to: api }', '{ from: nodes, to: api }'],
      ['nodes readyz 6443'],
    ],
  ])('%s', (_what, verify, expected) => {
    expect(tried(...verify)).toEqual(expected);
  });

  it.each([
    [
      'from machines that others do not have all',
      '{ from: lan, to: api }',
      ['kubernetes readyz 6443', 'lan readyz 6443'],
    ],
    [
      'another way',
      '{ from: worker1, to: api, ports: [8443] }',
      ['kubernetes readyz 6443', 'worker1 tcp 8443'],
    ],
  ])('but also %s', (_what, verify, expected) => {
    expect(tried(verify)).toEqual(expected);
  });
});

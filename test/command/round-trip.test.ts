import { expect, it } from 'vitest';
import { makeRoundTrips } from '../support/round-trip/round-trip.ts';

it(
  'what is read from the files of 200 random clusters is what their models say',
  { timeout: 600_000 },
  async () => {
    await expect(makeRoundTrips(200)).resolves.toBeUndefined();
  },
);

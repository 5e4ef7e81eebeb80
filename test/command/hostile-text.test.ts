import { describe, expect, it } from 'vitest';
import { wrongAt } from '../support/hostile/judge.ts';
import { textPlaces } from '../support/hostile/places.ts';
import { refusedTogether } from '../support/hostile/refused-together.ts';
import { HOSTILE } from '../support/hostile/strings.ts';

const places = textPlaces();
const refused = new Map(HOSTILE.map((text) => [text, refusedTogether(places, text)]));

describe('hostile text', () => {
  it('is tried at every place for a text, and there are many of both', () => {
    expect(places.length).toBeGreaterThan(60);
    expect(new Set(HOSTILE).size).toBeGreaterThan(150);
    expect(new Set(HOSTILE).size).toBe(HOSTILE.length);
  });

  it.each(places)(
    'at $title is refused where it stands, or comes back as the same plain text',
    async (place) => {
      const others = HOSTILE.filter((text) => refused.get(text)?.has(place) !== true);
      expect(await wrongAt(place, others)).toEqual([]);
    },
  );
});

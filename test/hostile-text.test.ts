// biome-ignore-all lint/suspicious/noTemplateCurlyInString: other languages have templates, too
import { describe, expect, it } from 'vitest';
import { wrongAt } from './support/hostile/judge.ts';
import { textPlaces } from './support/hostile/places.ts';
import { differences } from './support/hostile/same-but.ts';
import { HOSTILE } from './support/hostile/strings.ts';
import { readArtifact } from './support/readers/read-artifact.ts';

const EVERY = 150;
const cases = textPlaces().map((place, index) => ({
  title: place.title,
  place,
  texts: HOSTILE.filter((_, at) => (at + index) % EVERY === 0),
}));

// All texts at all places are tried in test/command/hostile-text.test.ts, which takes its time.
describe('some hostile texts', () => {
  it.each(cases)(
    'at $title are refused where they stand, or come back as the same plain text',
    async (each) => {
      expect(each.texts.length).toBeGreaterThan(0);
      expect(await wrongAt(each.place, each.texts)).toEqual([]);
    },
  );
});

describe('a text that becomes code is seen', () => {
  it.each([
    ['main.tf', 'a = "b"', 'a = "b"\nc = d'],
    ['nftables/a.conf', 'accept comment "a"', 'accept comment "a" drop ""'],
    ['README.md', 'says `a`', 'says `a` [b](c)'],
    ['README.md', 'ends in a', 'ends in www.a.b'],
    ['ansible/inventory/group_vars/all/a.yml', 'a: !unsafe "{{ b }}"', 'a: "{{ b }}"'],
    ['ansible/inventory/hosts.ini', '[a]\nb c=d', '[a]\nb c=d e=f'],
    ['guests/a/network-config', 'a: "b: c"', 'a: {b: c}'],
    ['topology.svg', '<svg><text>a</text></svg>', '<svg><text>a</text><script>b</script></svg>'],
  ])('in %s', async (path, content, code) => {
    const read = async (text: string) => readArtifact({ path, content: text });
    expect(differences(await read(content), await read(code), { ofNames: false })).not.toEqual([]);
  });

  it.each([
    ['main.tf', 'a = "${b}"'],
    ['main.tf', 'a = "%{ if b }"'],
    ['guests/a/network-config', 'a: yes'],
    ['guests/a/network-config', 'a: !!python/none b'],
    ['ansible/inventory/group_vars/all/a.yml', 'a: !vault b'],
    ['topology.svg', '<svg><text>a & b</text></svg>'],
  ])('in %s, which is none then: %s', async (path, content) => {
    await expect(readArtifact({ path, content })).rejects.toThrow(path);
  });
});

/** The contrast of a text to the box that it stands on, from 1 to 21 (WCAG 2.2, contrast ratio). */
export function contrastOf(
  css: string,
  scheme: 'light' | 'dark',
  { text, box }: { readonly text: string; readonly box: string },
): number {
  const [light = '', dark = ''] = css.split('@media (prefers-color-scheme: dark) {');
  const rules = scheme === 'light' ? [light] : [dark, light];
  const ink = colourOf(rules, [`text.${text}`, 'text']);
  const paper = colourOf(rules, [`.${box}`]);
  const [a, b] = [luminance(ink), luminance(paper)];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

/** The fill of the first of these selectors that has one; what the dark scheme leaves out it has from the light one. */
function colourOf(sheets: readonly string[], selectors: readonly string[]): string {
  for (const selector of selectors) {
    for (const sheet of sheets) {
      for (const [, list = '', body = ''] of sheet.matchAll(/^([^{}\n]+) \{([^}]*)\}$/gm)) {
        const colour = /fill: (#[0-9a-f]{6})/.exec(body)?.[1];
        if (colour !== undefined && list.split(', ').includes(selector)) return colour;
      }
    }
  }
  throw new Error(`no fill for ${selectors.join(' or ')}`);
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((start) => {
    const value = Number.parseInt(colour.slice(start, start + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

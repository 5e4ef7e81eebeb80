export interface TextStyle {
  /** Pixels. */
  readonly size: number;
  readonly isBold: boolean;
}

/**
 * Widths in hundredths of the font size: the greater of DejaVu Sans's and Liberation Sans's (Arial's), rounded up to 5.
 * DejaVu is the widest of the fonts that the picture can meet, so no text is wider than this in a reader's browser.
 */
const REGULAR = widthsOf({
  30: 'Iijl',
  35: ' ,./:;\\|·',
  40: '()-[]ft',
  45: '!r',
  50: '"*J`\'',
  55: 'csz',
  60: '?L_kvxy–',
  65: '$0123456789FTabdeghnopqu{}',
  70: 'ABEKPSVXYZ',
  75: 'CNRU',
  80: 'DGHO',
  85: '#&+<=>Q^w~',
  90: 'M',
  100: '%Wm→…',
});

const BOLD = widthsOf({
  35: " 'ijl",
  40: ',./:;I\\|·',
  45: '-f',
  50: '!()[]`rt',
  55: '"*',
  60: 'J_csz–',
  65: '?Lx',
  70: '$0123456789EFTaekovy',
  75: 'CPSYZbdghnpqu{}',
  80: 'ABKRVX',
  85: '#+<=>DGHNU^~',
  90: '&OQ',
  95: 'w',
  100: '@M→…',
  105: '%m',
  115: 'W',
});

/** Any other character: none of the alphabets' letters is wider, and pictographs are twice as wide as digits. */
const OTHER = 140;

function widthsOf(table: Readonly<Record<number, string>>): ReadonlyMap<string, number> {
  return new Map(
    Object.entries(table).flatMap(([width, characters]) =>
      [...characters].map((character) => [character, Number(width)] as const),
    ),
  );
}

/** The most pixels that a text takes in one line. */
export function textWidth(text: string, { size, isBold }: TextStyle): number {
  const widths = isBold ? BOLD : REGULAR;
  let hundredths = 0;
  for (const character of text) hundredths += widths.get(character) ?? OTHER;
  return Math.ceil((hundredths * size) / 100);
}

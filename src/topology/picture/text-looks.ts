/** The sizes of the picture's texts; their colours stand in the template. */
export const TEXT_LOOKS = {
  title: { size: 20, isBold: true },
  fact: { size: 12, isBold: false },
  heading: { size: 13, isBold: false },
  note: { size: 11, isBold: false },
  bar: { size: 12, isBold: false },
  network: { size: 12, isBold: true },
  role: { size: 11, isBold: true },
  name: { size: 12, isBold: true },
  address: { size: 11, isBold: false },
  badge: { size: 12, isBold: false },
  chip: { size: 11, isBold: true },
  flow: { size: 11, isBold: false },
} as const;

export type TextLook = keyof typeof TEXT_LOOKS;

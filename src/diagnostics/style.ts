/** How words are painted on a terminal, or left as they are. */
export type Style = Readonly<
  Record<'bold' | 'dim' | 'red' | 'yellow' | 'green' | 'blue', (text: string) => string>
>;

/** The style for a stream: ANSI colours (ECMA-48 SGR), or none. */
export function styleFor(hasColor: boolean): Style {
  const paint = (on: number, off: number) => (text: string) =>
    hasColor ? `\u001b[${on}m${text}\u001b[${off}m` : text;
  return {
    bold: paint(1, 22),
    dim: paint(2, 22),
    red: paint(31, 39),
    yellow: paint(33, 39),
    green: paint(32, 39),
    blue: paint(34, 39),
  };
}

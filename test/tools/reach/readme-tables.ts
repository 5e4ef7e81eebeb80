export type Row = Readonly<Record<string, string>>;

/** The rows of a table of the generated README, below a heading, by the titles of its columns. */
export function rowsOf(readme: string, heading: string): Row[] {
  const [, after = ''] = readme.split(`\n## ${heading}\n`);
  const [section = ''] = after.split('\n## ');
  const [titles = [], , ...rows] = section
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .map((line) =>
      line
        .slice(2, -1)
        .split('|')
        .map((cell) => cell.trim().replaceAll('\\', '')),
    );
  return rows.map((row) => Object.fromEntries(titles.map((title, index) => [title, row[index] ?? ''])));
}

/** What a cell lists, without the remarks in brackets. */
export const listOf = (cell: string | undefined) =>
  (cell ?? '').split(', ').map((each) => each.replace(/ \(.*$/, ''));

export function isIn(ip: string, range: string): boolean {
  const [network = '', prefix = '32'] = range.split('/');
  const number = (text: string) => text.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0);
  const size = 2 ** (32 - Number(prefix));
  return Math.floor(number(ip) / size) === Math.floor(number(network) / size);
}

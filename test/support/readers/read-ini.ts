/** A section of an INI file: lines as they are, split at the first `=` where there is one. */
export interface IniSection {
  readonly section: string;
  readonly comments: readonly string[];
  readonly lines: readonly (readonly [key: string, value?: string])[];
}

/** What Ansible's inventories and systemd's units have in common: sections, comments on lines of their own, no quotes. */
export function readIni(text: string): IniSection[] {
  const sections: { section: string; comments: string[]; lines: [string, string?][] }[] = [
    { section: '', comments: [], lines: [] },
  ];
  let comments: string[] = [];
  for (const line of text.split('\n').filter((other) => other.trim() !== '')) {
    const header = /^\[([^\]]+)\]$/.exec(line)?.[1];
    const [, key = line, value] = /^([^\s=]+)=(.*)$/.exec(line) ?? [];
    if (line.startsWith('#')) {
      comments.push(line.slice(1).trim());
    } else if (header !== undefined) {
      sections.push({ section: header, comments, lines: [] });
      comments = [];
    } else {
      sections.at(-1)?.lines.push(value === undefined ? [key] : [key, value]);
    }
  }
  return sections;
}

/** The hosts of a section of an inventory, each with its variables. */
export function hostsOf({ lines }: IniSection): Map<string, Map<string, string>> {
  return new Map(
    lines.map((line) => {
      const [name = '', ...variables] = line.join('=').split(/\s+/);
      return [
        name,
        new Map(variables.map((text) => [text.split('=', 1).join(''), text.slice(text.indexOf('=') + 1)])),
      ];
    }),
  );
}

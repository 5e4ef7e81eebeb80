/**
 * The text that an editor makes of a snippet at the mark "|", with every placeholder as it stands. Lines after the first
 * get the indentation of the line that the snippet is put into.
 */
export function expandSnippet(marked: string, snippet: string): string {
  const before = marked.slice(0, marked.indexOf('|'));
  const indentation = /[^\n]*$/.exec(before)?.[0].match(/^ */)?.[0] ?? '';
  const plain = snippet
    .replace(/\$\{\d+:([^}]*)\}/g, '$1')
    .replace(/\$\{\d+\|([^,|]*)[^}]*\}/g, '$1')
    .replace(/\$\d+/g, '');
  return marked.replace('|', () => plain.replaceAll('\n', `\n${indentation}`));
}

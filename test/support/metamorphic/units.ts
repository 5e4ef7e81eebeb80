import type { Artifact } from '../../../src/render/render-artifacts.ts';

/** A line of the output with what it stands in: its file, section and the less indented lines above it. */
export type Unit = string;

/**
 * The lines of a tree in their order; an entry of verify.yml is one of them. Pictures may be laid out anew, and so may the
 * table of who reaches what, which has those together who reach the same.
 */
export function unitsOf(artifacts: readonly Artifact[]): Unit[] {
  return artifacts
    .filter(({ path }) => !path.endsWith('.svg'))
    .flatMap(({ path, content }) => linesOf(path, content.replace(/\n## What reaches what\n[\s\S]*/, '')));
}

function linesOf(path: string, content: string): Unit[] {
  const above: { readonly depth: number; readonly line: string }[] = [];
  const entries = path.endsWith('/verify.yml') ? entriesOf(content) : content;
  // A comment above a section or a set is part of its head.
  const heads = entries
    .replaceAll(/^((?:# .*\n)+)(resource .*)$/gm, (_, comment: string, head: string) =>
      [head, comment.replaceAll(/\n/g, ' ')].join(' '),
    )
    .replaceAll(/^(\t?)# (.*)\n\t?(\[.*\]|set .*)$/gm, '$1$3 # $2')
    .replaceAll(/\n(?=Destination=|Gateway=)/g, ' ')
    .replaceAll(/: \[\]$/gm, ':');
  return heads
    .split('\n')
    .filter((line) => /\w/.test(line))
    .map((line) => {
      const depth = depthOf(line);
      while ((above.at(-1)?.depth ?? -1) >= depth) above.pop();
      const unit = [path, ...above.map((outer) => outer.line), line.trim()].join(' > ');
      above.push({ depth, line: line.trim() });
      return unit;
    });
}

/** Each entry on one line, with the list of those that it does not stand for; there is always one, so that it can grow. */
function entriesOf(content: string): string {
  return content
    .replaceAll(/(- from: .*)(\n {4}to:)/g, '$1 except: nobody$2')
    .replaceAll(
      /\n {4}#.*\n {4}except:((?:\n {6}- .*)+)/g,
      (_, names: string) => ` except: nobody${names.replaceAll(/\n {6}- /g, ', ')}`,
    )
    .replaceAll(/\n {4}/g, ' ');
}

/** Headings of sections stand above what follows. */
function depthOf(line: string): number {
  if (/^## |^\[\S+\]/.test(line)) return 0;
  return line.search(/\S/) + 1;
}

/** Whether a unit names one of these names, addresses or sets. */
export function names(unit: Unit, tokens: readonly string[]): boolean {
  return tokens.some((token) => unit.includes(token) && patternOf(token).test(unit));
}

function patternOf(token: string): RegExp {
  return new RegExp(`(?<![\\w.-])${token.replaceAll(/[.*+?^$()[\]{}|\\]/g, '\\$&')}(?![\\w-]|\\.\\d)`);
}

/** A unit with a name taken out of its lists. */
export function without(unit: Unit, tokens: readonly string[]): Unit {
  return tokens.reduce((text, token) => {
    if (!text.includes(token)) return text;
    const inList = token.replaceAll(/[.*+?^$()[\]{}|\\]/g, '\\$&');
    return text.replaceAll(
      new RegExp(`(, | and )${inList}(?![\\w-]|\\.\\d)|(?<![\\w.-])${inList}(, | and )`, 'g'),
      '',
    );
  }, unit);
}

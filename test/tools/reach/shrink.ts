import { parseDocument } from 'yaml';

type Path = readonly (string | number)[];

/**
 * What is left of a model when one thing after the other is left out, the large ones first, as long as it still shows what
 * it is to show. It ends after so many tries.
 */
export async function shrink(text: string, shows: (text: string) => Promise<boolean>, most = 300) {
  let smallest = text;
  let left = most;
  for (let isSmaller = true; isSmaller;) {
    isSmaller = false;
    for (const path of pathsOf(smallest)) {
      const smaller = without(smallest, path);
      if (smaller === undefined || left === 0) continue;
      left -= 1;
      if (!(await shows(smaller))) continue;
      smallest = smaller;
      isSmaller = true;
    }
  }
  return smallest;
}

/** The paths of all that a model says, the short ones first, and the last entry of a list before the others. */
function pathsOf(text: string): Path[] {
  const paths: Path[] = [];
  let level: (readonly [Path, unknown])[] = [[[], parseDocument(text).toJS()]];
  while (level.length > 0) {
    level = level.flatMap(([path, value]) => {
      const entries = typeof value === 'object' && value !== null ? Object.entries(value) : [];
      return entries.map(([key, each]) => [[...path, key], each] as const).toReversed();
    });
    paths.push(...level.map(([path]) => path));
  }
  return paths;
}

function without(text: string, path: Path): string | undefined {
  const document = parseDocument(text);
  if (!document.hasIn(path)) return undefined;
  document.deleteIn(path);
  return String(document);
}

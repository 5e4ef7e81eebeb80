/** The same text read once: a mutant's files are mostly those of its source. What is read must not be changed. */
export function oncePerText<T extends object>(read: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    const result = known.get(text) ?? read(text);
    known.set(text, result);
    return result;
  };
}

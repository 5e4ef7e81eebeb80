/** What a model may be at most. A cluster of 10,000 nodes stays well below each. */
export const LIMITS = {
  /** The file, in bytes. */
  bytes: 4 * 1024 * 1024,
  /** Maps and lists in one another; the schema needs 8. */
  depth: 64,
  /** Pieces of data, after aliases are put in. */
  values: 1_000_000,
} as const;

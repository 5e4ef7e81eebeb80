/** What a model may be at most. A cluster of 10,000 nodes stays well below each. */
export const LIMITS = {
  /** The file, in bytes. */
  bytes: 4 * 1024 * 1024,
  /** Words, brackets, blanks and whatever else the parser takes one by one: it reads some 500,000 in a second. */
  tokens: 1_000_000,
  /** Maps and lists in one another; the schema needs 8. */
  depth: 64,
  /** Entries of one map. */
  entries: 20_000,
  /** Values of one list: that none stands there twice is seen by comparing each with each. */
  items: 5_000,
  /** Pieces of data, after aliases are put in. */
  values: 1_000_000,
} as const;

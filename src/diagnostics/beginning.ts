/** How to go on where there is no model at all. */
export const BEGINNING = 'a model starts with `schemaVersion: 1`; `gen-infra schema` prints all it can say';

import { readFileSync } from 'node:fs';

interface Package {
  readonly version: string;
}

/** The version of gen-infra, from its package.json. */
export const VERSION: string = (
  JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as Package
).version;

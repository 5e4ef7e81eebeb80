import { readdirSync } from 'node:fs';
import { compileModel } from '../../../src/pipeline.ts';
import { inProject } from '../paths.ts';
import { Source } from './source.ts';

/** Not one that is right: docs/seeds.md. */
const REFUSED = 'seed-2025-04-22';

/** With rules of people's own that the oracle does not read; a test of its own compares the matcher with the kernel. */
const OF_NFT = /\/rules-(of-ones-own|that-only-nft-understands|for-cards-in-no-bridge)$/;

/** The models that mistakes are made in: all that are committed and right. */
export function sourceModels(): Source[] {
  const among = (folder: string) =>
    readdirSync(inProject(folder))
      .sort()
      .map((name) => `${folder}/${name}`)
      .filter((path) => !OF_NFT.test(path));
  const folders = [...among('test/cases/ok'), ...among('examples').filter((path) => !path.endsWith(REFUSED))];
  const files = [
    'cluster.yaml',
    ...folders.map((folder) => `${folder}/cluster.yaml`),
    ...among('test/models'),
  ];
  return files.map((name, number) => {
    const { text, cluster } = compileModel(inProject(name));
    if (cluster === undefined) throw new Error(`${name} is no cluster`);
    return new Source({ name, number, text, cluster });
  });
}

// Builds every committed output tree: the reference cluster's and those of examples/. --check only compares.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));
/** A model of what did not work has no tree. */
const WITHOUT_TREE = 'seed-2025-04-22';
const examples = readdirSync(`${root}examples`).filter((name) => name !== WITHOUT_TREE);
const models = ['cluster.yaml', ...examples.map((name) => `examples/${name}/cluster.yaml`)];
const results = models
  .filter((model) => existsSync(root + model))
  .map((model) =>
    spawnSync(process.execPath, ['dist/bin.js', 'build', '-m', model, ...process.argv.slice(2)], {
      cwd: root,
      stdio: 'inherit',
    }),
  );
process.exitCode = results.some(({ status }) => status !== 0) ? 1 : 0;

// npm run rehearse -- MODEL: applies a model's tree to machines that are booted for it in namespaces without an uplink.
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';

const [model, ...rest] = process.argv.slice(2);
if (model === undefined || rest.length > 0) {
  console.error('usage: npm run rehearse -- MODEL');
  process.exit(2);
}
const path = resolve(process.env['INIT_CWD'] ?? '.', model);
// With CI set a missing tool is an error: nobody wants a rehearsal that was skipped.
const env = { ...process.env, CI: 'true', REHEARSE_MODEL: path };
const { status } = spawnSync('vitest', ['run', '--project', 'rehearse', '--reporter', 'verbose'], {
  env,
  stdio: 'inherit',
});
process.exit(status ?? 1);

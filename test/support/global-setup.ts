import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './paths.ts';

/**
 * Tests run the command as users do: from dist/, made from the sources as they are now, unless `npm run check` has done
 * so. Whatever they write goes into one temporary folder, which goes away with them.
 */
export function setup(): () => void {
  if (process.env['IS_BUILT'] === undefined)
    execFileSync('npm', ['run', '--silent', 'build'], { cwd: root, stdio: 'inherit' });
  const folder = mkdtempSync(join(tmpdir(), 'gi-'));
  process.env['TMPDIR'] = folder;
  return () => rmSync(folder, { recursive: true, force: true });
}

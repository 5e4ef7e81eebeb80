import { execFileSync } from 'node:child_process';
import { root } from './paths.ts';

/** Tests run the command as users do: from dist/, made from the sources as they are now. */
export function setup(): void {
  execFileSync('npm', ['run', '--silent', 'build'], { cwd: root, stdio: 'inherit' });
}

import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { TestContext } from 'vitest';

/** Where Debian keeps what only root runs. */
const FOLDERS = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/sbin'];

/**
 * Skips a test that needs tools this machine lacks, saying which. In CI nothing is skipped: there it fails.
 * With `root: true` the test also needs to be root, for namespaces.
 */
export function requireTools(context: TestContext, tools: readonly string[], { root = false } = {}): void {
  const missing = tools.filter((tool) => !isInstalled(tool));
  if (root && process.getuid?.() !== 0) missing.push('root (for network namespaces)');
  if (missing.length === 0) return;
  const message = `needs ${missing.join(', ')}: see "Tests" in CONTRIBUTING.md`;
  if ((process.env['CI'] ?? '') !== '') throw new Error(message);
  context.skip(message);
}

function isInstalled(tool: string): boolean {
  return FOLDERS.some((folder) => {
    try {
      accessSync(join(folder, tool), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { inProject } from '../../support/paths.ts';
import { requireTools } from '../../support/require-tools.ts';
import { mutations } from './mutations.ts';
import { applyMutation, runTests, withProjectCopy } from './project-copy.ts';

/** What the tests of the table need. */
const TOOLS = [
  ...['ansible-galaxy', 'ansible-inventory', 'ansible-lint', 'ansible-playbook', 'yamllint'],
  ...['haproxy', 'keepalived', 'nmcli', 'systemd-analyze', 'openssl', 'curl', 'cloud-init'],
  ...['terraform', 'xsltproc', 'libvirtd', 'virsh', 'dnsmasq', 'iptables'],
  ...['nft', 'ip', 'ss', 'ping', 'unshare'],
];

/** Two at a time: each is a chain of processes that have to wait for one another. */
const slots = [Promise.resolve(), Promise.resolve()];
let turn = 0;

const inTurn: typeof withProjectCopy = (signal, use) => {
  const slot = turn++ % slots.length;
  const run = (slots[slot] ?? Promise.resolve()).then(() => withProjectCopy(signal, use));
  slots[slot] = run.catch(() => {});
  return run;
};

it('there is a mutation of every template', () => {
  const templates = readdirSync(inProject('templates'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.parentPath}/${entry.name}`.slice(inProject('templates/').length));
  expect([...new Set(mutations.map(({ template }) => template))].sort()).toEqual(templates.sort());
});

describe.concurrent('in a copy of the project', { timeout: 600_000 }, () => {
  // The main run shows the same of the others; this shows that a copy is a project in which tests can pass.
  it('tests of the table pass', async (context) => {
    requireTools(context, TOOLS, { root: true });
    await inTurn(context.signal, async (copy) => {
      const quick = ['ansible/inventory', 'ansible/vip-holders', 'docs/readme', 'nftables/ruleset'];
      const files = quick.map((file) => `${file}.test.ts`);
      const names = mutations.filter(({ test }) => files.includes(test)).map(({ name }) => name);
      const { exitCode, passed, failed } = await runTests(copy, files, names);
      expect({ exitCode, failed }).toEqual({ exitCode: 0, failed: [] });
      expect(names.filter((name) => !passed.some((test) => test.includes(name)))).toEqual([]);
    });
  });

  it.for(mutations)('$test notices $to in $template', async (mutation, context) => {
    requireTools(context, TOOLS, { root: true });
    await inTurn(context.signal, async (copy) => {
      await applyMutation(copy, mutation);
      const { exitCode, failed } = await runTests(copy, [mutation.test], [mutation.name]);
      expect(exitCode).toBe(1);
      expect(failed).toContainEqual(expect.stringMatching(/^AssertionError: /));
    });
  });
});

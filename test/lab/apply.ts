import { readFileSync } from 'node:fs';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { parse } from 'yaml';
import { inProject } from '../support/paths.ts';
import { requireTools } from '../support/require-tools.ts';
import { useTerraform } from '../support/terraform.ts';
import { Capture } from './capture.ts';
import { Lab, tools } from './lab.ts';
import type { Played } from './played.ts';
import { compareWithReach } from './predictions.ts';

/** The tasks that bring another ruleset into effect, and keep it. */
export const RULESET = [
  'Compare the ruleset with the model',
  'Write the ruleset beside the one in effect',
  'Arm the way back',
  'Load it',
  'Wait until it is loaded',
  'Disarm the way back',
  'Keep it for the next boot',
];

/** A playbook that did what it should. @throws with all that it said, where it did not */
export function well(played: Played): Played {
  if (played.exitCode !== 0) throw new Error(played.text);
  expect(played).toMatchObject({ failed: 0, unreachable: 0 });
  return played;
}

/** Boots the machines of a model, for the tests that follow; no packet of theirs may be sent by this machine itself. */
export function bootMachines(read: () => string): () => Lab {
  const terraform = useTerraform({ shareProvider: true });
  let lab: Lab | undefined;
  let capture: Capture | undefined;
  beforeEach((context) => requireTools(context, tools, { root: true }));
  afterAll(async () => {
    await lab?.stop();
    if (capture !== undefined) expect(await capture.stop()).toEqual({ isSeeing: true, escaped: [] });
  });

  test('the machines boot', async () => {
    capture = await Capture.start(rangesIn(read()));
    lab = await Lab.start(read(), terraform);
  });

  return () => {
    if (lab === undefined) throw new Error('there is no lab');
    return lab;
  };
}

/** Applies a model to fresh machines, in the order of its README, for the tests that follow. */
export function applyToFreshMachines(read: () => string): () => Lab {
  const get = bootMachines(read);

  test('a check run on fresh machines ends well, and changes nothing', async () => {
    const before = await packagesOf(get());
    well(await get().play('site', '--check', '--diff'));
    expect(await packagesOf(get())).toEqual(before);
  });

  test('site.yml ends well on fresh machines', async () => {
    const { changed } = well(await get().play('site'));
    expect(changed).toBeGreaterThan(20);
  });

  test('a second run changes nothing, beside networks and guests that run now', async () => {
    await get().startNetworksAndGuests();
    expect(well(await get().play('site'))).toMatchObject({ changed: 0, changes: [] });
  });

  test('verify_connectivity.yml finds that everything works', async () => {
    const { text } = well(await get().play('verify_connectivity'));
    expect(text).toMatch(/All \d+ work/);
  });

  test('every connection between nodes is what reach says of it', async () => {
    await isAsPredicted(get());
  });
  return get;
}

/** Tries every connection between nodes that run; where something has failed, that is to be said. */
export async function isAsPredicted(lab: Lab, failed: readonly string[] = []): Promise<void> {
  const { tried, blocked, wrong } = await compareWithReach(lab, failed);
  console.log(`${tried} connections, ${blocked} of them blocked`);
  expect(wrong).toEqual([]);
  expect(tried).toBeGreaterThan(blocked);
}

/** What the playbooks may have installed, by machine. */
async function packagesOf(lab: Lab): Promise<string[]> {
  const names = [...lab.tree.hypervisors, ...lab.tree.guests].map(({ name }) => name);
  return Promise.all(
    names.map(async (name) => `${name} ${(await lab.machine(name).run(['dpkg-query', '-W'])).stdout}`),
  );
}

function rangesIn(text: string): string[] {
  const { networks }: { networks: Record<string, { cidr: string | string[] }> } = parse(text);
  return Object.values(networks).flatMap(({ cidr }) => cidr);
}

/** A model of this project. */
export function example(path: string): () => string {
  return () => readFileSync(inProject(path), 'utf8');
}

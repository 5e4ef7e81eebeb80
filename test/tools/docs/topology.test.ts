import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { clusters } from '../../support/clusters.ts';
import { inProject } from '../../support/paths.ts';
import { requireTools } from '../../support/require-tools.ts';
import { run } from '../../support/run.ts';
import { haPair } from '../ansible/expected/ha-pair.ts';
import { openNetworks } from '../ansible/expected/open-networks.ts';
import { reference } from '../ansible/expected/reference.ts';
import { smallest } from '../ansible/expected/smallest.ts';
import { twoHypervisors } from '../ansible/expected/two-hypervisors.ts';

const inventories = {
  reference,
  smallest,
  'ha-pair': haPair,
  'two-hypervisors': twoHypervisors,
  'open-networks': openNetworks,
};

describe.each(clusters)('topology.svg of $name', ({ name, tree }) => {
  it('is a picture to a parser of XML, and names every machine and its address', async (context) => {
    requireTools(context, ['xsltproc']);
    const stylesheet = inProject('test/tools/docs/labels.xsl');
    const { exitCode, stdout, stderr } = await run('xsltproc', [
      '--nonet',
      stylesheet,
      join(tree, 'topology.svg'),
    ]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    const lines = stdout.trim().split('\n');
    expect(lines).toEqual(expect.arrayContaining(['labelled by title', 'labelled by description']));
    const words = lines.flatMap((line) => line.split(/[ ,]+/));
    const hosts = Object.entries(inventories[name].hostvars);
    const missing = hosts.filter(
      ([host, { ansible_host }]) => !words.includes(host) || !words.includes(String(ansible_host)),
    );
    expect(missing).toEqual([]);
  });
});

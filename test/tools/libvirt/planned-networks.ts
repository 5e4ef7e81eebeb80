import { execFile } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { succeed, type Terraform } from '../../support/terraform.ts';
import { type NestedNetwork, nestedNetworkXml } from './nested-network-xml.ts';
import { networkXml, type PlannedNetwork } from './network-xml.ts';

const execute = promisify(execFile);

/**
 * Plans folders of a tree's terraform/ and writes what the provider would hand to libvirt, one file a network.
 * @returns the folder of those files
 */
export async function writePlannedNetworks(terraform: Terraform, folders: readonly string[]) {
  const target = terraform.newFolder();
  await Promise.all(
    folders.map(async (source) => {
      const folder = terraform.newFolder(source);
      await succeed(terraform.run(folder, 'init'));
      const plan = await terraform.plan(folder);
      for (const { type, values } of plan.planned_values.root_module.resources ?? []) {
        if (type === 'terraform_data') continue;
        if (type !== 'libvirt_network') throw new Error(`${source} has a ${type}, which is no network`);
        // Terraform has checked the values against the schema, whose shape this is.
        const network = values as PlannedNetwork | NestedNetwork;
        const xml = isNested(network) ? nestedNetworkXml(network) : await transform(network, folder);
        writeFileSync(join(target, `${network.name}.xml`), xml);
      }
    }),
  );
  return target;
}

/** The folders of a tree's terraform/. */
export function terraformFolders(tree: string): string[] {
  return readdirSync(join(tree, 'terraform')).map((folder) => join(tree, 'terraform', folder));
}

/** Provider 0.8.3 has the mode itself as an attribute, 0.9.7 as one of `forward`. */
function isNested(network: PlannedNetwork | NestedNetwork): network is NestedNetwork {
  return 'forward' in network;
}

/** transformXML of libvirt/utils_xslt.go: the same program with the same options, on files. */
async function transform(network: PlannedNetwork, folder: string): Promise<string> {
  const xml = networkXml(network);
  const xslt = network.xml[0]?.xslt?.trim() ?? '';
  if (xslt === '') return xml;
  const [stylesheet, source] = [join(folder, 'network.xslt'), join(folder, 'network.xml')];
  writeFileSync(stylesheet, xslt);
  writeFileSync(source, xml);
  const { stdout } = await execute('xsltproc', ['--nomkdir', '--nonet', '--nowrite', stylesheet, source]);
  return stdout;
}

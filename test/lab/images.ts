import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { inProject } from '../support/paths.ts';
import { run } from '../support/run.ts';
import { succeed } from '../support/terraform.ts';
import type { LabGuest, LabHypervisor } from './lab-tree.ts';
import type { MachineOptions } from './machine.ts';

const script = inProject('test/lab/image.sh');
const version = createHash('sha256').update(readFileSync(script)).digest('hex').slice(0, 12);

/** Where the images are kept from one run to the next, until the script that makes them changes. */
const cache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'gen-infra-lab', version);
const base = join(cache, 'base');
const packages = join(cache, 'packages');

/** The key that the controller has. */
export const key = join(cache, 'key');

/** Makes the images, unless that was done before. */
export async function makeImages(): Promise<void> {
  await succeed(run(script, [cache], { timeout: 900_000 }));
}

/** A hypervisor as somebody installs it: its address is on a card, under NetworkManager, and there is no bridge. */
export function hypervisorImage({ nics }: LabHypervisor): MachineOptions {
  const profiles = nics.map((nic) => [
    `etc/NetworkManager/system-connections/${nic.name}.nmconnection`,
    profileOf(nic),
  ]);
  return {
    ...{ layers: [join(cache, 'hypervisor'), base], packages, units: [] },
    files: {
      ...Object.fromEntries(profiles),
      // NetworkManager leaves a tap of libvirt's alone, and would manage the veth that stands for one here.
      'etc/NetworkManager/conf.d/lab.conf': '[keyfile]\nunmanaged-devices=interface-name:vnet*\n',
    },
  };
}

function profileOf({ name, address, gateway, dns }: LabHypervisor['nics'][number]): string {
  const router = gateway === undefined ? '' : `,${gateway}`;
  const ip =
    address === undefined
      ? 'method=disabled'
      : `method=manual\naddress1=${address}${router}\ndns=${dns.join(';')}`;
  return `[connection]\nid=${name}\ntype=ethernet\ninterface-name=${name}\n\n[ipv4]\n${ip}\n\n[ipv6]\nmethod=auto\n`;
}

/** A guest with its generated files, and what stands in for the services that are asked of it. */
export function guestImage({ network, ports }: LabGuest): MachineOptions {
  const words = Object.entries(ports).map(([port, status]) =>
    status === undefined ? port : `${port}:${status}`,
  );
  const files = Object.entries(network).map(([file, text]) => [`etc/systemd/network/${file}`, text]);
  return {
    ...{ layers: [base], packages },
    units: ['systemd-networkd.service', ...(words.length === 0 ? [] : ['stand-in.service'])],
    files: {
      ...Object.fromEntries(files),
      'usr/local/sbin/stand-in.py': readFileSync(inProject('test/lab/stand-in.py'), 'utf8'),
      'lib/systemd/system/stand-in.service': `[Service]\nExecStart=/usr/bin/python3 /usr/local/sbin/stand-in.py ${words.join(' ')}\n`,
    },
  };
}

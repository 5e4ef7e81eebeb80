import { describe, expect, test } from 'vitest';
import { buildTree } from '../../support/clusters.ts';
import { inProject } from '../../support/paths.ts';
import { requireTools } from '../../support/require-tools.ts';
import { changedIn, failedIn, onMachine } from '../ansible/machine/machine.ts';

/** Runs the playbook as update NAME. */
const START = `
source '${inProject('test/tools/libvirt/start-libvirtd.sh')}'
mkdir /run/bin
# There is no QEMU here, whose networks would be these.
printf '#!/bin/sh\\nshift 2\\nexec /usr/bin/virsh -c network:///system "$@"\\n' >/run/bin/virsh && chmod +x /run/bin/virsh
update() { PATH="/run/bin:$PATH" play "$1" update_dhcp_reservations.yml; }`;

/** A network in nat mode with libvirt's own ports, then with those of the model. */
const OTHER_PORTS = `${START}
define() {
  cat >/run/tools.xml <<XML
<network>
  <name>tools</name>
  <uuid>5d3c1f0e-8a0b-4c1e-9c53-2f1d7d2a9a10</uuid>
  <forward mode='nat'>$1</forward>
  <bridge name='virbr_tools'/>
  <mac address='52:54:00:0b:8a:39'/>
  <ip address='10.17.6.1' prefix='24'>
    <dhcp>
      <range start='10.17.6.100' end='10.17.6.199'/>
      <host mac='52:54:00:00:06:41' name='tool1' ip='10.17.6.41'/>
    </dhcp>
  </ip>
</network>
XML
  virsh net-define /run/tools.xml >/dev/null && virsh net-start tools >/dev/null
}
define ''
update before
virsh net-destroy tools >/dev/null
define "<nat><port start='20000' end='29999'/></nat>"
update after`;

/**
 * A network as Terraform made it once: worker1 had another address then, master1 was not there, and somebody whom the
 * model does not know has master1's.
 */
const SCRIPT = `${START}
update before
cat >/run/kube.xml <<XML
<network>
  <name>kube</name>
  <forward mode='open'/>
  <bridge name='virbr_kube' stp='on'/>
  <mac address='52:54:00:f0:85:47'/>
  <ip family='ipv4' address='10.17.4.1' prefix='24'>
    <dhcp>
      <range start='10.17.4.100' end='10.17.4.199'/>
      <host mac='52:54:00:00:04:24' name='worker1' ip='10.17.4.99'/>
      <host mac='52:54:00:00:99:99' name='former' ip='10.17.4.21'/>
      <host mac='52:54:00:00:99:98' name='guest' ip='10.17.4.30'/>
    </dhcp>
  </ip>
</network>
XML
virsh net-define /run/kube.xml >/dev/null && virsh net-start kube >/dev/null
update first
update second
for dump in net-dumpxml 'net-dumpxml --inactive'; do
  virsh $dump kube | sed -nE "s/.*<host mac='([^']+)' name='([^']+)' ip='([^']+)'.*/\\1 \\2 \\3/p" | sort
done`;

describe('update_dhcp_reservations.yml', () => {
  test('brings a running network up to date, live and for its next start, once', async (context) => {
    const tools = ['ansible-playbook', 'virsh', 'libvirtd', 'dnsmasq', 'ip', 'unshare'];
    requireTools(context, tools, { root: true });
    const tree = buildTree(inProject('test/models/reservations.yaml'));
    const { stdout, answers } = await onMachine(SCRIPT, { tree });
    const unmade = answers('before').find(({ task }) => task.startsWith('Name those that do not run'));
    expect(unmade?.msg).toEqual(['kube']);
    for (const run of ['before', 'first', 'second']) expect(failedIn(answers(run)), run).toEqual([]);
    expect(changedIn(answers('second'))).toEqual([]);
    const reservations = [
      '52:54:00:00:04:21 master1 10.17.4.21',
      '52:54:00:00:04:24 worker1 10.17.4.24',
      '52:54:00:00:99:98 guest 10.17.4.30',
    ];
    expect(stdout.trim().split('\n')).toEqual([...reservations, ...reservations]);
  });

  test('fails where a running network masquerades with other ports than the model says', async (context) => {
    requireTools(context, ['ansible-playbook', 'virsh', 'libvirtd', 'dnsmasq', 'ip', 'unshare'], {
      root: true,
    });
    const tree = buildTree(inProject('test/models/modes.yaml'));
    const { answers } = await onMachine(OTHER_PORTS, { tree });
    expect(failedIn(answers('before'))).toEqual(['Check what only a new network takes over']);
    expect(failedIn(answers('after'))).toEqual([]);
  });
});

import { describe, expect, test } from 'vitest';
import { buildTree } from '../../support/clusters.ts';
import { inProject } from '../../support/paths.ts';
import { requireTools } from '../../support/require-tools.ts';
import { changedIn, failedIn, onMachine } from '../ansible/machine/machine.ts';

/**
 * A network as Terraform made it once: worker1 had another address then, master1 was not there, and somebody whom the
 * model does not know has master1's.
 */
const SCRIPT = `
source '${inProject('test/tools/libvirt/start-libvirtd.sh')}'
mkdir /run/bin
# There is no QEMU here, whose networks would be these.
printf '#!/bin/sh\\nshift 2\\nexec /usr/bin/virsh -c network:///system "$@"\\n' >/run/bin/virsh && chmod +x /run/bin/virsh
update() { PATH="/run/bin:$PATH" play "$1" update_dhcp_reservations.yml; }
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
});

import { runInNamespace } from '../../support/namespace.ts';

/** The static IPv4 configuration of a card, as the kernel has it. */
export interface NetworkState {
  readonly addresses: readonly string[];
  readonly routes: readonly string[];
}

/**
 * What systemd-networkd makes of a folder of .network files on a machine with one Ethernet card: it runs in a namespace of
 * its own and is asked until the card has an address, or patience ends. A read-only /sys tells it not to wait for udev.
 */
export async function networkState(
  folder: string,
  card: { readonly mac: string; readonly interface: string; readonly patienceSeconds?: number },
): Promise<NetworkState> {
  const script = `
mount -o remount,ro /sys
mkdir -p /run/systemd/network /run/systemd/netif/links /run/systemd/netif/leases && chown -R systemd-network /run/systemd/netif
mount -t tmpfs tmpfs /etc/systemd/network
cp "$FOLDER"/*.network /run/systemd/network/
# The card is a veth here, which has no permanent MAC address, only a present one.
sed -i 's/^PermanentMACAddress=/MACAddress=/' /run/systemd/network/*.network
ip link add "$CARD" address "$MAC" type veth peer name cable
/lib/systemd/systemd-networkd >/run/log 2>&1 &
ip link set cable up
for attempt in $(seq $((10 * PATIENCE))); do [ -n "$(ip -oneline -4 address show dev "$CARD")" ] && break; sleep 0.1; done
sleep 0.5
ip -oneline -4 address show dev "$CARD" | sed -nE 's/.* inet ([^ ]+) .*/address \\1/p'
ip -4 route show dev "$CARD" proto static | sed -nE 's/^([^ ]+ via [^ ]+) .*/route \\1/p'
`;
  const patience = card.patienceSeconds ?? 20;
  const env = { FOLDER: folder, MAC: card.mac, CARD: card.interface, PATIENCE: String(patience) };
  const { exitCode, stdout, stderr } = await runInNamespace(script, { env });
  if (exitCode !== 0) throw new Error(`systemd-networkd could not be asked:\n${stdout}${stderr}`);
  const lines = stdout.trim().split('\n');
  const values = (kind: string) =>
    lines.filter((line) => line.startsWith(`${kind} `)).map((line) => line.slice(kind.length + 1));
  return { addresses: values('address'), routes: values('route').sort() };
}

# Sourced after start-networks.sh: attaches each of $CLIENTS, lines of NAME BRIDGE MAC [OPTION...], and asks for an
# address for it. What a client got stands in $RESULTS/lease-<client>.

# client NAME BRIDGE MAC
client() {
  ip netns add "$1"
  ip link add "$1" type veth peer name eth0 netns "$1" address "$3"
  ip link set "$1" master "$2" up
  ip -netns "$1" link set eth0 up
}

# lease NAME [OPTION...]: udhcpc calls the script with what it got in the environment.
lease() {
  LEASE="$RESULTS/lease-$1" timeout 30 ip netns exec "$1" \
    udhcpc -f -n -q -t 10 -T 1 -i eth0 -s /run/write-lease "${@:2}" >>/run/udhcpc.log 2>&1
}

cat >/run/write-lease <<'SCRIPT'
#!/bin/sh
[ "$1" != bound ] || echo "$ip router $router dns $dns domain $domain hostname $hostname" >"$LEASE"
SCRIPT
chmod +x /run/write-lease

while read -r name bridge mac _; do client "$name" "$bridge" "$mac"; done <<<"$CLIENTS"

# libvirt's bridges speak STP: a new port forwards after some seconds.
for _ in $(seq 300); do
  [ "$(bridge link show | grep -c 'state forwarding')" != "$(wc -l <<<"$CLIENTS")" ] || break
  sleep 0.1
done

pids=()
while read -r name _ _ options; do
  # shellcheck disable=SC2086 # a list of words
  lease "$name" $options & pids+=($!)
done <<<"$CLIENTS"
for pid in "${pids[@]}"; do
  wait "$pid" || { cat /run/udhcpc.log >&2; exit 1; }
done

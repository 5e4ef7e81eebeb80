# Sourced after start-networks.sh: attaches clients to the bridge $BRIDGE and asks for an address for each. What a
# client got stands in $RESULTS/lease-<client>.

# client NAME MAC
client() {
  ip netns add "$1"
  ip link add "$1" type veth peer name eth0 netns "$1" address "$2"
  ip link set "$1" master "$BRIDGE" up
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

client master1 52:54:00:00:04:21
client worker1 52:54:00:00:04:24
client stranger 52:54:00:00:99:99

# libvirt's bridges speak STP: a new port forwards after some seconds.
for _ in $(seq 300); do
  [ "$(bridge link show | grep -c 'state forwarding')" != 3 ] || break
  sleep 0.1
done

pids=()
lease master1 & pids+=($!)
lease worker1 & pids+=($!)
lease stranger -r 10.17.4.25 & pids+=($!) # worker2's address, which it has by itself
for pid in "${pids[@]}"; do
  wait "$pid" || { cat /run/udhcpc.log >&2; exit 1; }
done

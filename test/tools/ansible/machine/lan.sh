# Sourced after machine.sh: for each of $ADDRESSES a machine with it, all on one wire. Ansible reaches them by the stub
# of ssh; they have their own interfaces and sockets, and share their files.
ip link add wire type bridge && ip link set wire up
count=0
for address in $ADDRESSES; do
  count=$((count + 1))
  ip netns add "$address" && ip link add "port$count" type veth peer name eth0 netns "$address"
  ip link set "port$count" master wire up
  ip -n "$address" link set lo up && ip -n "$address" link set eth0 up
  ip -n "$address" address add "$address/32" dev eth0 && ip -n "$address" route add default dev eth0
  ip netns exec "$address" sysctl -q -w net.ipv4.ip_nonlocal_bind=1
done

# Sourced after start-libvirtd.sh: defines and starts every $NETWORKS/*.xml as the provider does, and puts what became
# of them into $RESULTS.

ip link add br0 type bridge # the host's own, to which networks in bridge mode attach guests

for xml in "$NETWORKS"/*.xml; do
  name=$(basename "$xml" .xml)
  virsh net-define "$xml" >/dev/null
  virsh net-start "$name" >/dev/null
  virsh net-dumpxml "$name" >"$RESULTS/$name.xml"
done

virsh net-list --name >"$RESULTS/active"
ip -json address >"$RESULTS/interfaces.json"
nft list ruleset >"$RESULTS/rules.nft"

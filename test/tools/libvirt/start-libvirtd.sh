# Sourced by bash in a namespace: starts a libvirtd whose files are all in memory.

for directory in /etc/libvirt /var/lib/libvirt /var/cache/libvirt /var/log/libvirt; do
  mkdir -p "$directory"
  mount -t tmpfs -o mode=755 tmpfs "$directory"
done

# Only the network driver: the others want users and devices that a test machine may not have.
mkdir /run/drivers
ln -s /usr/lib/*/libvirt/connection-driver/libvirt_driver_network.so /run/drivers/
export LIBVIRT_DRIVER_DIR=/run/drivers

cat >/etc/libvirt/libvirtd.conf <<CONF
unix_sock_group = "root"
auth_unix_rw = "none"
log_outputs = "3:file:/run/libvirtd.log"
CONF
libvirtd --daemon --config /etc/libvirt/libvirtd.conf || { cat /run/libvirtd.log >&2; exit 1; }

virsh() {
  command virsh --quiet --connect network:///system "$@"
}

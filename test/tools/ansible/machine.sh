# Sourced by bash in a namespace: makes it a machine with EL9 for a playbook to run on with the connection "local". What
# is written to /etc stays in memory. systemd, NetworkManager and RPM's database are stand-ins: they know the $SERVICES
# and $PACKAGES, fail at $FAILING, and write into /run/calls what they are told to change. All else is real.

export HOME=/run/home PATH="/run/bin:$PATH" PYTHONPATH=/run/python LC_ALL=C.UTF-8
export ANSIBLE_NOCOLOR=1 ANSIBLE_PIPELINING=1 ANSIBLE_LOCALHOST_WARNING=0 ANSIBLE_DEPRECATION_WARNINGS=0
export ANSIBLE_GATHER_SUBSET='!all,network'
mkdir -p /run/home /run/bin /run/python /run/etc/upper /run/etc/work
mount -t overlay -o lowerdir=/etc,upperdir=/run/etc/upper,workdir=/run/etc/work overlay /etc
rm -f /etc/os-release /etc/debian_version
printf 'NAME="Rocky Linux"\nID="rocky"\nID_LIKE="rhel centos fedora"\nVERSION_ID="9.5"\n' >/etc/os-release
echo 'Rocky Linux release 9.5 (Blue Onyx)' >/etc/redhat-release
rm -rf /etc/nftables /etc/NetworkManager/system-connections
mkdir -p /etc/nftables /etc/sysconfig /etc/NetworkManager/system-connections
echo '# include "/etc/nftables/main.nft"' >/etc/sysconfig/nftables.conf

printf systemd >/proc/$$/comm # by which Ansible knows process 1
cat >/run/bin/systemctl <<'STANDIN'
#!/bin/bash
case $1 in
  list-units) for name in $SERVICES; do echo "$name.service loaded active running a service"; done ;;
  list-unit-files) ;;
  show) printf 'LoadState=loaded\nActiveState=active\n' ;;
  is-enabled) echo disabled; exit 1 ;;
  *) echo "systemctl $*" >>/run/calls; [ "systemctl $*" != "$FAILING" ] ;;
esac
STANDIN
cat >/run/bin/nmcli <<'STANDIN'
#!/bin/bash
case $* in
  *GENERAL.STATE*) echo '100 (connected)' ;;
  *' show '*) ;;
  *) echo "nmcli $*" >>/run/calls; [ "nmcli $*" != "$FAILING" ] ;;
esac
STANDIN
cat >/run/bin/busctl <<'STANDIN'
#!/bin/bash
case $* in
  *' Checkpoints') echo 'ao 0' ;;
  *) echo "busctl $*" >>/run/calls; echo 'o "/org/freedesktop/NetworkManager/Checkpoint/1"' ;;
esac
STANDIN
cat >/run/python/rpm.py <<'STANDIN'
import os
RPMTAG_NAME, RPMTAG_VERSION, RPMTAG_RELEASE, RPMTAG_EPOCH, RPMTAG_ARCH = range(5)
class TransactionSet:
    def dbMatch(self):
        return [[name, "1", "1", None, "x86_64"] for name in os.environ["PACKAGES"].split()]
STANDIN
chmod 755 /run/bin/*
mount --bind /run/bin/systemctl /usr/bin/systemctl # where Ansible looks before $PATH

touch /run/calls # last: what is newer was written by the play

# A network card with a cable.
card() {
  ip link add "$1" type veth peer name "peer-$1"
  ip link set "$1" up
  ip link set "peer-$1" up
}

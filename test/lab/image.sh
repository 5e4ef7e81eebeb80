#!/usr/bin/env bash
# image.sh FOLDER: makes once what the machines of the lab boot from, and is the only part of it that needs a network.
#   base/        Debian 12 with systemd, sshd and Python, and nothing that the playbooks install
#   hypervisor/  what a hypervisor has besides: NetworkManager and libvirt's network driver
#   packages/    what the playbooks install, as a repository
#   key          what the controller proves itself with
set -euo pipefail
folder=$1
mkdir -p "$folder"
exec 9>"$folder/lock"
flock 9
[ ! -e "$folder/done" ] || exit 0

APT='apt-get -qq update && apt-get -qq -y -o Dpkg::Use-Pty=0 --no-install-recommends install'

make_base() {
  rm -rf "$folder/base"
  # minbase has little; python3-apt is what Ansible's module for packages needs, netbase what nft needs for names of protocols.
  debootstrap --variant=minbase --include="systemd-sysv,dbus,python3,python3-apt,sudo,iproute2,netbase,openssh-server,\
curl,procps,iputils-ping,iputils-arping,ca-certificates,libpam-systemd" bookworm "$folder/base" "${LAB_MIRROR:-http://deb.debian.org/debian}"
  # Nothing may look for a network that is not there, or wait for somebody at a keyboard.
  local unit
  for unit in systemd-timesyncd.service systemd-networkd-wait-online.service apt-daily.timer apt-daily-upgrade.timer \
    dpkg-db-backup.timer e2scrub_all.timer fstrim.timer systemd-ask-password-console.path systemd-ask-password-wall.path; do
    ln -sf /dev/null "$folder/base/etc/systemd/system/$unit"
  done
}

make_keys() {
  rm -f "$folder/key" "$folder/key.pub" "$folder"/base/etc/ssh/ssh_host_*
  ssh-keygen -q -t ed25519 -N '' -f "$folder/key"
  ssh-keygen -q -A -f "$folder/base"
  printf 'UseDNS no\n' >"$folder/base/etc/ssh/sshd_config.d/lab.conf"
  openssl req -x509 -newkey rsa:2048 -nodes -days 3650 -subj /CN=stand-in \
    -keyout "$folder/base/etc/stand-in.key" -out "$folder/base/etc/stand-in.crt" 2>/dev/null
  install -D -m 600 "$folder/key.pub" "$folder/base/root/.ssh/authorized_keys"
  local user
  for user in core ops; do # Flatcar's, and one's own
    chroot "$folder/base" useradd -m -s /bin/bash "$user"
    install -D -m 600 "$folder/key.pub" "$folder/base/home/$user/.ssh/authorized_keys"
    chroot "$folder/base" chown -R "$user:$user" "/home/$user"
    echo "$user ALL=(ALL) NOPASSWD: ALL" >"$folder/base/etc/sudoers.d/$user"
  done
}

# layer NAME COMMAND: runs a command in a copy of the base, and keeps in the folder NAME what it has written.
layer() {
  local upper=$folder/$1 work=$folder/$1.work root
  root=$(mktemp -d)
  rm -rf "$upper" "$work"
  mkdir -p "$upper" "$work"
  # shellcheck disable=SC2016 # for the shell inside
  unshare --mount --propagation private bash -euc '
    mount -t overlay overlay -o "lowerdir=$1,upperdir=$2,workdir=$3" "$4"
    mount -t proc proc "$4/proc"; mount --bind /dev "$4/dev"; cp /etc/resolv.conf "$4/etc/resolv.conf"
    chroot "$4" env DEBIAN_FRONTEND=noninteractive LC_ALL=C sh -euc "$5"
    : >"$4/etc/resolv.conf"
  ' layer "$folder/base" "$upper" "$work" "$root" "$2" >&2
  rm -rf "$root" "$work"
}

make_base >&2
make_keys
layer hypervisor "$APT network-manager libvirt-daemon-system libvirt-clients dnsmasq-base && apt-get clean && rm -rf /var/lib/apt/lists/*"
layer fetch "$APT --download-only haproxy keepalived nftables"
rm -rf "$folder/packages"
mkdir "$folder/packages"
mv "$folder"/fetch/var/cache/apt/archives/*.deb "$folder/packages"
rm -rf "$folder/fetch"
(cd "$folder/packages" && apt-ftparchive packages . >Packages)
touch "$folder/done"

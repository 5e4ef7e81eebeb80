#!/bin/sh
# Installs on Debian 12 the tools that the tests run the generated files through. Needs to be root.
set -eu

packages="
  ansible ansible-lint yamllint
  nftables haproxy keepalived
  libvirt-daemon libvirt-clients dnsmasq-base xsltproc udhcpc
  cloud-init netplan.io network-manager systemd
  systemd-container debootstrap apt-utils openssh-client tcpdump
  curl iproute2 iptables iputils-ping netbase openssl python3-apt util-linux
"

missing=""
for package in $packages; do
  dpkg-query --show --showformat='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing="$missing $package"
done

if [ -n "$missing" ]; then
  # Nothing of it is to run on this machine: tests start what they need in namespaces of their own.
  policy=/usr/sbin/policy-rc.d
  if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod 755 "$policy"
    trap 'rm -f "$policy"' EXIT
  fi
  apt-get update -qq
  # shellcheck disable=SC2086 # a list of words
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing
fi

command -v terraform >/dev/null || {
  echo "terraform is missing, and Debian has none: https://developer.hashicorp.com/terraform/install" >&2
  exit 1
}

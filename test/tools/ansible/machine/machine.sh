# Sourced by bash in a namespace: makes it a machine that playbooks can change. /etc is a copy, all other files are read
# only, what belongs to systemd and NetworkManager are stubs that write down what they were told. All else is real.
cp -a /etc /run/etc && mount --bind /run/etc /etc
for folder in /tmp "$RESULTS"; do mount --bind "$folder" "$folder"; done
mount -o remount,bind,ro /
export HOME=/run/home ANSIBLE_LOCAL_TEMP=/run/ansible PATH="$STUBS:$PATH" CALLS=/run/calls SERVICES="${SERVICES:-}" FAILING="${FAILING:-}"
mkdir -p "$HOME" /run/systemd/system /etc/NetworkManager/system-connections
touch "$CALLS"
# service_facts asks process 1 for its name, and does not look for systemctl on the path.
printf systemd >/proc/self/comm
mount --bind "$STUBS/systemctl" /usr/bin/systemctl

export ANSIBLE_GATHERING=explicit ANSIBLE_CACHE_PLUGIN=jsonfile ANSIBLE_CACHE_PLUGIN_CONNECTION="$RESULTS/facts"
export ANSIBLE_STDOUT_CALLBACK=ansible.posix.json ANSIBLE_PIPELINING=1

# play NAME PLAYBOOK [OPTION...]: what became of it is written to $RESULTS/NAME.json.
play() {
  (cd "$TREE/ansible" && ansible-playbook "playbooks/$2" --extra-vars "$EXTRA" "${@:3}") \
    >"$RESULTS/$1.json" 2>"$RESULTS/$1.err" || true
}

#!/usr/bin/env bash
# Runs a command where every packet that leaves the machine is seen and none arrives: in a network namespace of its own, whose only
# way out is a link that ends nowhere, with a name server behind it. Loopback works as usual. The last line says how
# many packets tried to leave; the exit status is the command's. Needs root, or a kernel that lets users make namespaces.
set -euo pipefail

if [[ ${1:-} != --inside ]]; then
  privileges=()
  ((EUID == 0)) || privileges=(--map-root-user)
  exec unshare "${privileges[@]}" --net --mount -- bash "$0" --inside "$@"
fi
shift

# IPv6 would announce itself on the link by packets of the kernel's own.
sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1 2>/dev/null || true
ip link set lo up
ip link add out type veth peer name nowhere
ip addr add 192.0.2.1/24 dev out
ip link set nowhere up
ip link set out up
ip route add default via 192.0.2.2
names=$(mktemp)
echo 'nameserver 192.0.2.53' >"$names"
mount --bind "$names" /etc/resolv.conf
rm "$names"

status=0
"$@" || status=$?
echo "packets sent: $(awk '$1 == "out:" { print $11 }' /proc/net/dev)"
exit "$status"

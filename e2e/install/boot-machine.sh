#!/bin/sh
# In namespaces of its own (unshare --mount --pid --cgroup --ipc --uts --net): a copy of a root file system with its own systemd.
# $1: the root that stays as it is; $2: a folder for what this machine writes; $3: its name
set -eu
root=$2/root
mkdir -p "$2/written" "$2/work" "$root"
mount -t overlay overlay -o "lowerdir=$1,upperdir=$2/written,workdir=$2/work" "$root"
mount -t proc proc "$root/proc"
mount -t sysfs sysfs "$root/sys"
mount -t tmpfs -o mode=755 tmpfs "$root/dev"
for device in null:1:3 zero:1:5 full:1:7 random:1:8 urandom:1:9 tty:5:0 fuse:10:229 net/tun:10:200; do
  name=${device%%:*} numbers=${device#*:}
  mkdir -p "$(dirname "$root/dev/$name")"
  mknod -m 666 "$root/dev/$name" c "${numbers%:*}" "${numbers#*:}"
done
mkdir -p "$root/dev/pts" "$root/dev/shm" "$root/dev/mqueue"
mount -t devpts -o newinstance,ptmxmode=0666,mode=620,gid=5 devpts "$root/dev/pts"
mount -t tmpfs tmpfs "$root/dev/shm"
ln -s pts/ptmx "$root/dev/ptmx"
ln -s /proc/self/fd "$root/dev/fd"
mount -t tmpfs -o mode=755 tmpfs "$root/run"
mount -t tmpfs tmpfs "$root/tmp"
mount -t cgroup2 cgroup2 "$root/sys/fs/cgroup"
# An overlay cannot lie on an overlay, and root's podman makes one.
mkdir -p "$2/containers" "$root/var/lib/containers"
mount --bind "$2/containers" "$root/var/lib/containers"
cp /etc/resolv.conf "$root/etc/resolv.conf"
# The name in the root is the one of the machine below, and systemd takes it at a moment nobody outside can know.
echo "$3" >"$root/etc/hostname"
# Where the machine below has no pids controller to give, podman must not ask for it.
if ! grep -qs pids "$root/sys/fs/cgroup/cgroup.controllers"; then
  mkdir -p "$root/etc/containers"
  printf '[containers]\npids_limit = 0\n' >"$root/etc/containers/containers.conf"
fi
# Not chroot: in one no user namespaces can be made, and rootless podman needs them.
cd "$root"
mkdir -p .before
pivot_root . .before
umount -l /.before
rmdir /.before
exec env -i container=scorewall PATH=/usr/sbin:/usr/bin:/sbin:/bin /lib/systemd/systemd --system --unit=multi-user.target

#!/bin/sh
# Fetches a guest's kernel and programs, and an emulator to run it, out of Debian's packages, into a folder of its own.
#
#     sh xtask/guest/packages.sh PREFIX [VERSION]
#
# Needs apt (no root: package lists and packages go to PREFIX) and dpkg. Nothing outside PREFIX changes; this system does
# not learn of another architecture. With a VERSION, also Rust's library for arm64 of that version of the package.
#
# Leaves:  PREFIX/qemu    the emulator, with the libraries that this system does not have
#          PREFIX/arm64   the kernel with its modules, i2c-tools, a shell, and what programs are linked with
#          PREFIX/stamp   written last: without it the folder is not whole, and is made anew
# Does nothing if all that is there, works, and was made by this very script.
#
# Exit code 3: there are no packages to be had, which is no fault of this script.
set -eu

prefix=$1
version=${2-}
name=guest
# shellcheck source=xtask/private-apt.sh
. "${0%/*}/../private-apt.sh"

# The emulator that was unpacked, with its libraries and modules.
emulator() {
    libraries=$prefix/qemu/usr/lib/$(uname -m)-linux-gnu
    LD_LIBRARY_PATH="$libraries:$prefix/qemu/lib/$(uname -m)-linux-gnu" QEMU_MODULE_DIR="$libraries/qemu" \
        "$prefix/qemu/usr/bin/qemu-system-aarch64" "$@"
}

# What the stamp says: any difference, or an emulator that does not run, and everything is fetched anew.
state() {
    printf '%s\n' "$prefix" "$version"
    cat "$0" "${0%/*}/../private-apt.sh" | cksum
    emulator --version
    emulator -M virt -device help | grep usb-redir
    find "$prefix/arm64/boot" -name 'vmlinuz-*' -print
}

if [ -f "$prefix/stamp" ]; then
    prefix=$(cd "$prefix" && pwd)
    [ "$(state 2>/dev/null)" = "$(cat "$prefix/stamp")" ] && exit 0
    say "what is in $prefix is out of date or broken: fetching it anew"
fi

has_apt || exit 3
rm -rf "$prefix"
mkdir -p "$prefix/debs"
prefix=$(cd "$prefix" && pwd)
private_apt "$prefix/apt" arm64

# The kernel that Debian ships: the package that follows it depends on the one that holds it.
kernel() { apt-cache depends linux-image-arm64:arm64 | sed -n 's/^ *Depends: \(linux-image-[^:]*\).*/\1:arm64/p'; }

# The newest compiler's start-up files.
start_files() { apt-cache pkgnames libgcc- | grep -x 'libgcc-[0-9]*-dev' | sort -t- -k2n | tail -n 1; }

packages() {
    for package in libc6 libc6-dev libgcc-s1 i2c-tools libi2c0 busybox-static "$(start_files)"; do
        echo "$package:arm64"
    done
    kernel
    [ -z "$version" ] || echo "libstd-rust-web-dev:arm64=$version"
}

refresh_and_download() {
    refresh
    rm -rf "$prefix/debs"
    mkdir -p "$prefix/debs/qemu" "$prefix/debs/arm64"
    # shellcheck disable=SC2046 # one word a package
    (cd "$prefix/debs/qemu" && apt-get -qq download $(needed_for qemu-system-arm)) &&
        (cd "$prefix/debs/arm64" && apt-get -qq download $(packages))
}

say "downloading a kernel, an emulator and what belongs to them (about 120 MB)"
retry refresh_and_download || exit 3
say "unpacking"
for root in qemu arm64; do
    for deb in "$prefix/debs/$root"/*.deb; do
        dpkg -x "$deb" "$prefix/$root"
    done
done
rm -rf "$prefix/debs" "$prefix/apt"

state >"$prefix/stamp.new"
mv "$prefix/stamp.new" "$prefix/stamp"
say "done"

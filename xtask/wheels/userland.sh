#!/bin/sh
# Fetches Debian's Python for another processor, and an emulator of that processor, into a folder of its own.
#
#     sh xtask/wheels/userland.sh PREFIX ARCHITECTURE
#
# ARCHITECTURE is arm64 or armhf, as Debian has them. Needs apt (no root: package lists and packages go to PREFIX) and dpkg.
# Nothing outside PREFIX changes; this system does not learn of another architecture, and nothing of it is installed.
#
# Leaves:  PREFIX/qemu   the emulator
#          PREFIX/root   Python, and all that it needs, down to the C library
#          PREFIX/stamp  written last: without it the folder is not whole, and is made anew
# Does nothing if all that is there, works, and was made by this very script.
#
# Exit code 3: there are no packages to be had, which is no fault of this script.
set -eu

prefix=$1
architecture=$2
name=userland
# shellcheck source=xtask/private-apt.sh
. "${0%/*}/../private-apt.sh"

# What the stamp says: any difference, and everything is fetched anew.
state() {
    printf '%s\n' "$prefix" "$architecture"
    cat "$0" "${0%/*}/../private-apt.sh" | cksum
    "$prefix"/qemu/usr/bin/qemu-arm-static --version
    find "$prefix/root/usr/bin" -name 'python3*' -print | sort
}

if [ -f "$prefix/stamp" ]; then
    prefix=$(cd "$prefix" && pwd)
    [ "$(state 2>/dev/null)" = "$(cat "$prefix/stamp")" ] && exit 0
    say "what is in $prefix is out of date or broken: fetching it anew"
fi

has_apt || exit 3
rm -rf "$prefix"
mkdir -p "$prefix/debs/qemu" "$prefix/debs/root"
prefix=$(cd "$prefix" && pwd)
private_apt "$prefix/apt" "$architecture"

# All that Python needs on a system that has nothing yet.
python() {
    : >"$prefix/apt/nothing"
    apt-get -s -o "Dir::State::Status=$prefix/apt/nothing" install --no-install-recommends "python3:$architecture" |
        sed -n "s/^Inst \([^ ]*:$architecture\) .*/\1/p"
}

# A part of what is wanted is all that is there of a list that is wrong.
refresh_and_download() {
    refresh
    wanted=$(python)
    [ -n "$wanted" ] || return 1
    rm -f "$prefix"/debs/*/*
    # shellcheck disable=SC2086 # one word a package
    (cd "$prefix/debs/qemu" && apt-get -qq download qemu-user-static) &&
        (cd "$prefix/debs/root" && apt-get -qq download $wanted)
}

say "downloading Python for $architecture, and an emulator (about 65 MB)"
retry refresh_and_download || exit 3
say "unpacking"
for part in qemu root; do
    for deb in "$prefix/debs/$part"/*.deb; do
        dpkg -x "$deb" "$prefix/$part"
    done
done
# The package has an emulator of every processor that there is.
find "$prefix/qemu/usr/bin" -type f ! -name qemu-arm-static ! -name qemu-aarch64-static -delete
rm -rf "$prefix/debs" "$prefix/apt"

state >"$prefix/stamp.new"
mv "$prefix/stamp.new" "$prefix/stamp"
say "done"

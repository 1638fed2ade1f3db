#!/bin/sh
# Fetches QEMU for ARM and RISC-V microcontrollers out of Debian's packages, into a folder of its own.
#
#     sh xtask/firmware/emulators.sh PREFIX
#
# Needs apt (no root: package lists and packages go to PREFIX) and dpkg. Nothing outside PREFIX changes.
#
# Leaves:  PREFIX/bin/qemu-system-arm, PREFIX/bin/qemu-system-riscv32
#          PREFIX/stamp   written last: without it the folder is not whole, and is made anew
# Does nothing if all that is there, works, and was made by this very script.
#
# Exit code 3: there are no packages to be had, which is no fault of this script.
set -eu

prefix=$1
name=emulators
# shellcheck source=xtask/private-apt.sh
. "${0%/*}/../private-apt.sh"

# What the stamp says: any difference, or an emulator that does not run, and everything is fetched anew.
state() {
    printf '%s\n' "$prefix"
    cat "$0" "${0%/*}/../private-apt.sh" | cksum
    for machine in arm riscv32; do
        "$prefix/bin/qemu-system-$machine" --version || echo broken
    done
}

if [ -f "$prefix/stamp" ]; then
    prefix=$(cd "$prefix" && pwd)
    [ "$(state 2>/dev/null)" = "$(cat "$prefix/stamp")" ] && exit 0
    say "what is in $prefix is out of date or broken: fetching it anew"
fi

has_apt || exit 3
rm -rf "$prefix"
mkdir -p "$prefix/debs" "$prefix/bin"
prefix=$(cd "$prefix" && pwd)
private_apt "$prefix/apt"

refresh_and_download() {
    refresh
    rm -f "$prefix"/debs/*
    # shellcheck disable=SC2046 # one word a package
    (cd "$prefix/debs" && apt-get -qq download $(needed_for qemu-system-arm qemu-system-misc))
}

say "downloading QEMU for ARM and RISC-V (about 110 MB)"
retry refresh_and_download || exit 3
say "unpacking"
for deb in "$prefix"/debs/*.deb; do
    dpkg -x "$deb" "$prefix/root"
done
rm -rf "$prefix/debs" "$prefix/apt"

libraries=$prefix/root/usr/lib/$(uname -m)-linux-gnu
for machine in arm riscv32; do
    cat >"$prefix/bin/qemu-system-$machine" <<QEMU
#!/bin/sh
LD_LIBRARY_PATH="$libraries:$prefix/root/lib/$(uname -m)-linux-gnu\${LD_LIBRARY_PATH:+:\$LD_LIBRARY_PATH}"
QEMU_MODULE_DIR="$libraries/qemu"
export LD_LIBRARY_PATH QEMU_MODULE_DIR
exec "$prefix/root/usr/bin/qemu-system-$machine" -L "$prefix/root/usr/share/qemu" "\$@"
QEMU
    chmod +x "$prefix/bin/qemu-system-$machine"
done

state >"$prefix/stamp.new"
if grep -q broken "$prefix/stamp.new"; then
    say "an emulator that was unpacked does not run"
    exit 1
fi
mv "$prefix/stamp.new" "$prefix/stamp"
say "done"

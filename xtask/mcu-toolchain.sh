#!/bin/sh
# Makes a Rust toolchain that builds for microcontrollers, out of Debian's packages, in a folder of its own.
#
#     sh xtask/mcu-toolchain.sh PREFIX TARGET...
#
# For a machine whose own toolchain has no such target and cannot fetch one. Needs apt (no root: package
# lists and packages go to PREFIX), dpkg, and the cargo at hand. Nothing outside PREFIX changes.
#
# Leaves:  PREFIX/bin/rustc   the compiler; hand it to cargo as RUSTC
#          PREFIX/packages    what it was unpacked from
#          PREFIX/stamp       written last: without it the folder is not whole, and is made anew
# Does nothing if all that is there, works, and was made by this very script.
#
# Why packages named -web: Debian keeps them as new as a browser needs, where plain `rustc` is years older.
set -eu

prefix=$1
shift
name=mcu-toolchain
# shellcheck source=xtask/private-apt.sh
. "${0%/*}/private-apt.sh"

# What the stamp says: any difference, or a compiler that does not run, and the toolchain is made anew.
state() {
    printf '%s\n' "$prefix" "$@"
    cat "$0" "${0%/*}/private-apt.sh" | cksum
    "$prefix/bin/rustc" -vV
    for target in "$@"; do
        find "$prefix/root/usr/lib/rustlib/$target/lib" -name 'libcore-*.rlib' -size +1k -print
    done
}

if [ -f "$prefix/stamp" ]; then
    prefix=$(cd "$prefix" && pwd)
    [ "$(state "$@" 2>/dev/null)" = "$(cat "$prefix/stamp")" ] && exit 0
    say "the toolchain in $prefix is out of date or broken: making it anew"
fi

rm -rf "$prefix"
mkdir -p "$prefix/debs" "$prefix/bin"
prefix=$(cd "$prefix" && pwd)
has_apt || exit 1
private_apt "$prefix/apt"

# The compiler's libraries, all the way down, that this system does not have. (One name holds a version.)
missing_libraries() {
    apt-cache depends --recurse --no-recommends --no-suggests --no-conflicts --no-breaks --no-replaces \
        --no-enhances libstd-rust-web-dev | grep '^[a-z]' | while read -r package; do
        dpkg-query -W -f '${db:Status-Abbrev}' "$package" 2>/dev/null | grep -q '^ii' || echo "$package"
    done
}

refresh_and_download() {
    refresh
    rm -f "$prefix"/debs/*
    # shellcheck disable=SC2046 # one word a package
    (cd "$prefix/debs" && apt-get -qq download rustc-web rust-web-src $(missing_libraries))
}

say "downloading the compiler (about 150 MB)"
retry refresh_and_download
say "unpacking"
for deb in "$prefix"/debs/*.deb; do
    dpkg -x "$deb" "$prefix/root"
done
(cd "$prefix/debs" && ls) >"$prefix/packages"
rm -rf "$prefix/debs" "$prefix/apt"

usr=$prefix/root/usr
cat >"$prefix/bin/rustc" <<RUSTC
#!/bin/sh
LD_LIBRARY_PATH="$usr/lib:$usr/lib/$(uname -m)-linux-gnu\${LD_LIBRARY_PATH:+:\$LD_LIBRARY_PATH}"
export LD_LIBRARY_PATH
exec "$usr/bin/rustc" "\$@"
RUSTC
chmod +x "$prefix/bin/rustc"
"$prefix/bin/rustc" -vV >&2

# The packages hold `core` for the host alone: build it, once, from their source.
source=$usr/lib/rustlib/src/rust/library
[ -f "$source/core/src/lib.rs" ] || { say "the packages hold no source of the core library"; exit 1; }
mkdir -p "$prefix/core/src"
cat >"$prefix/core/Cargo.toml" <<'MANIFEST'
[package]
name = "core-only"
edition = "2021"
[workspace]
[profile.release]
debug = false
MANIFEST
echo '#![no_std]' >"$prefix/core/src/lib.rs"
for target in "$@"; do
    say "building core and alloc for $target"
    # RUSTC_BOOTSTRAP here and nowhere else: build scripts of ordinary crates look at it.
    # embed-bitcode: without it a program could not be built with link-time optimisation.
    (cd "$prefix/core" && env -u CARGO_BUILD_TARGET RUSTC="$prefix/bin/rustc" RUSTC_BOOTSTRAP=1 \
        RUSTFLAGS=-Cembed-bitcode=yes CARGO_TARGET_DIR="$prefix/core/target" \
        "${CARGO:-cargo}" build --release --quiet -Zbuild-std=core,alloc --target "$target")
    mkdir -p "$usr/lib/rustlib/$target/lib"
    cp "$prefix/core/target/$target"/release/deps/lib*.rlib "$usr/lib/rustlib/$target/lib/"
    rm -f "$usr/lib/rustlib/$target/lib"/libcore_only-*
done
rm -rf "$prefix/core"

state "$@" >"$prefix/stamp.new"
mv "$prefix/stamp.new" "$prefix/stamp"
say "done: $prefix/bin/rustc"

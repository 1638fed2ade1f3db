#!/bin/sh
# Makes a Rust toolchain that builds for microcontrollers, out of Debian's packages, in a folder of its own.
#
#     sh xtask/mcu-toolchain.sh PREFIX [TARGET...]
#
# For a machine whose own toolchain has no such target and cannot fetch one. Needs apt (no root: package
# lists and packages go to PREFIX), dpkg, and the cargo at hand. Nothing outside PREFIX changes. A TARGET whose name
# begins with `wasm` gets `std`, any other one `core` and `alloc`.
#
# Leaves:  PREFIX/bin/rustc       the compiler; hand it to cargo as RUSTC
#          PREFIX/bin/clippy-driver  its lints; hand it to cargo as RUSTC_WORKSPACE_WRAPPER
#          PREFIX/packages        what it was unpacked from
#          PREFIX/stamp           written last: without it the folder is not whole, and is made anew
#          PREFIX/targets/TARGET  the same for a target: its libraries are made when it is first asked for
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
    printf '%s\n' "$prefix"
    cat "$0" "${0%/*}/private-apt.sh" | cksum
    "$prefix/bin/rustc" -vV
    "$prefix/bin/clippy-driver" --version
}

# The same for a target.
state_of() {
    cat "$prefix/stamp"
    find "$prefix/root/usr/lib/rustlib/$1/lib" -name 'libcore-*.rlib' -size +1k -print
}

# Whether what a stamp says is so.
holds() {
    stamp=$1
    shift
    [ -f "$stamp" ] && [ "$("$@" 2>/dev/null)" = "$(cat "$stamp")" ]
}

make_compiler() {
    rm -rf "$prefix"
    mkdir -p "$prefix/debs" "$prefix/bin" "$prefix/targets"
    prefix=$(cd "$prefix" && pwd)
    has_apt || exit 1
    private_apt "$prefix/apt"
    say "downloading the compiler (about 150 MB)"
    retry refresh_and_download
    say "unpacking"
    for deb in "$prefix"/debs/*.deb; do
        dpkg -x "$deb" "$prefix/root"
    done
    (cd "$prefix/debs" && ls) >"$prefix/packages"
    rm -rf "$prefix/debs" "$prefix/apt"
    usr=$prefix/root/usr
    for program in rustc clippy-driver; do
        cat >"$prefix/bin/$program" <<PROGRAM
#!/bin/sh
LD_LIBRARY_PATH="$usr/lib:$usr/lib/$(uname -m)-linux-gnu\${LD_LIBRARY_PATH:+:\$LD_LIBRARY_PATH}"
export LD_LIBRARY_PATH
exec "$usr/bin/$program" "\$@"
PROGRAM
        chmod +x "$prefix/bin/$program"
    done
    "$prefix/bin/rustc" -vV >&2
    [ -f "$usr/lib/rustlib/src/rust/library/core/src/lib.rs" ] ||
        { say "the packages hold no source of the core library"; exit 1; }
    state >"$prefix/stamp.new"
    mv "$prefix/stamp.new" "$prefix/stamp"
}

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
    (cd "$prefix/debs" && apt-get -qq download rustc-web rust-web-clippy rust-web-src $(missing_libraries))
}

# The packages hold libraries for the host alone: build those of a target, once, from their source.
make_target() {
    rm -rf "$prefix/core" "${prefix:?}/root/usr/lib/rustlib/$1" "$prefix/targets/$1"
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
    # embed-bitcode: without it a program could not be built with link-time optimisation.
    # emit-stack-sizes: what a routine of the library needs can be looked up, as that of a program's own can.
    case $1 in
    wasm*) libraries=std,panic_abort flags=-Cembed-bitcode=yes ;;
    *) libraries=core,alloc flags="-Cembed-bitcode=yes -Zemit-stack-sizes" ;;
    esac
    say "building $libraries for $1"
    # RUSTC_BOOTSTRAP here and nowhere else: build scripts of ordinary crates look at it.
    (cd "$prefix/core" && env -u CARGO_BUILD_TARGET RUSTC="$prefix/bin/rustc" RUSTC_BOOTSTRAP=1 \
        RUSTFLAGS="$flags" CARGO_TARGET_DIR="$prefix/core/target" \
        "${CARGO:-cargo}" build --release --quiet "-Zbuild-std=$libraries" --target "$1")
    libraries=$prefix/root/usr/lib/rustlib/$1/lib
    mkdir -p "$libraries" "$prefix/targets"
    cp "$prefix/core/target/$1"/release/deps/lib*.rlib "$libraries/"
    rm -rf "$libraries"/libcore_only-* "$prefix/core"
    state_of "$1" >"$prefix/stamp-of-target"
    mv "$prefix/stamp-of-target" "$prefix/targets/$1"
}

if [ -d "$prefix" ]; then
    prefix=$(cd "$prefix" && pwd)
fi
if ! holds "$prefix/stamp" state; then
    [ ! -f "$prefix/stamp" ] || say "the toolchain in $prefix is out of date or broken: making it anew"
    make_compiler
fi
for target in "$@"; do
    holds "$prefix/targets/$target" state_of "$target" || make_target "$target"
done

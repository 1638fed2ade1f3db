//! Hands the linker the script of esp-hal: here, and not by RUSTFLAGS, which would replace those of whoever builds this.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rustc-link-arg-bins=-Tlinkall.x");
}

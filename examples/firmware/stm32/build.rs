//! Hands the linker its script: here, and not by RUSTFLAGS, which would replace those of whoever builds this. The map of the
//! memory is that of embassy-stm32, for the chip that Cargo.toml names.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rustc-link-arg-bins=-Tlink.x");
    println!("cargo:rustc-link-arg-bins=--nmagic");
}

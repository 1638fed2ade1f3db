//! Hands the linker its scripts: here, and not by RUSTFLAGS, which would replace those of whoever builds this.

fn main() {
    println!("cargo:rustc-link-search={}", env!("CARGO_MANIFEST_DIR"));
    println!("cargo:rerun-if-changed=memory.x");
    for script in ["link.x", "link-rp.x"] {
        println!("cargo:rustc-link-arg-bins=-T{script}");
    }
    if std::env::var_os("CARGO_FEATURE_DEFMT").is_some() {
        println!("cargo:rustc-link-arg-bins=-Tdefmt.x");
    }
    println!("cargo:rustc-link-arg-bins=--nmagic");
}

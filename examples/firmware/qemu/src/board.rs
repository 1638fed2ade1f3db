//! Where a program begins, by the crate of its processor. The board's memory is in `boards/`, its emulator in
//! `.cargo/config.toml`.

#[cfg(target_arch = "arm")]
pub use cortex_m_rt::entry;
#[cfg(target_arch = "riscv32")]
pub use riscv_rt::entry;

// Nothing is called of these: they give the critical section that the allocator takes.
#[cfg(target_arch = "arm")]
use cortex_m as _;
#[cfg(target_arch = "riscv32")]
use riscv as _;

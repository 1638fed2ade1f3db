//! The one place with `unsafe`: how a machine starts, how it speaks to QEMU (semihosting), and its stack.

use core::arch::asm;

/// How much stack is looked at.
const PAINTED: usize = 2048;

const PAINT: u32 = 0xA5C3_96E1;

// What a machine does first: QEMU's memory is zero by then, so there is nothing to prepare but the stack (and the
// floating point registers of a Cortex-M4F, which the compiler may copy with).
#[cfg(target_arch = "arm")]
core::arch::global_asm!(
    ".section .vectors, \"a\"",
    ".word _stack_top",
    ".word _entry",
    ".rept 14",
    ".word _fault",
    ".endr",
    ".section .entry, \"ax\"",
    ".thumb_func",
    ".global _entry",
    "_entry:",
    #[cfg(target_abi = "eabihf")]
    "ldr r0, =0xe000ed88",
    #[cfg(target_abi = "eabihf")]
    "ldr r1, =0xf00000",
    #[cfg(target_abi = "eabihf")]
    "str r1, [r0]",
    "bl _start",
    ".thumb_func",
    ".global _fault",
    "_fault:",
    "movs r0, #3",
    "bl _exit",
);
#[cfg(target_arch = "riscv32")]
core::arch::global_asm!(
    ".section .vectors, \"ax\"",
    ".global _entry",
    "_entry:",
    "la sp, _stack_top",
    "la t0, _fault",
    "csrw mtvec, t0",
    "call _start",
    ".align 2",
    "_fault:",
    "li a0, 3",
    "call _exit",
);

/// A request to QEMU (Arm's "Semihosting for AArch32 and AArch64"; RISC-V has the same).
fn request(number: u32, argument: usize) {
    // SAFETY: the two requests below read what `argument` points to and write nothing but a result register.
    #[cfg(target_arch = "arm")]
    unsafe {
        asm!("bkpt #0xab", inout("r0") number => _, in("r1") argument, options(nostack));
    }
    // SAFETY: as above; QEMU knows the breakpoint by the two shifts around it, which change nothing.
    #[cfg(target_arch = "riscv32")]
    unsafe {
        asm!(
            ".balign 16", ".option push", ".option norvc",
            "slli x0, x0, 0x1f", "ebreak", "srai x0, x0, 7",
            ".option pop",
            inout("a0") number => _, in("a1") argument, options(nostack)
        );
    }
    #[cfg(not(any(target_arch = "arm", target_arch = "riscv32")))]
    let _ = (number, argument);
}

/// Ends the program with this exit code.
#[unsafe(export_name = "_exit")] // for the entry above, which has no other way to name it
pub extern "C" fn exit(code: u32) -> ! {
    const EXIT_EXTENDED: u32 = 0x20;
    const APPLICATION_EXIT: u32 = 0x2_0026;
    request(EXIT_EXTENDED, (&raw const *core::hint::black_box(&[APPLICATION_EXIT, code])).addr());
    loop {
        core::hint::spin_loop();
    }
}

/// Prints a name and a number, on a line.
pub fn say(name: &str, number: u32) {
    const WRITE_0: u32 = 0x04;
    let mut line = [0_u8; 32];
    let digits = (0..10).rev().map(|power| number / 10_u32.pow(power)).skip_while(|&head| head == 0);
    let digits = digits.map(|head| b'0' + (head % 10) as u8);
    let zero = (number == 0).then_some(b'0');
    let text = name.bytes().chain([b' ']).chain(digits).chain(zero).chain([b'\n']);
    // One less: QEMU wants a zero at the end.
    line.iter_mut().take(31).zip(text).for_each(|(place, byte)| *place = byte);
    request(WRITE_0, core::hint::black_box(&line).as_ptr().addr());
}

#[inline(always)]
#[must_use]
pub fn stack_pointer() -> usize {
    let pointer;
    // SAFETY: reads a register.
    #[cfg(target_arch = "arm")]
    unsafe {
        asm!("mov {}, sp", out(reg) pointer, options(nomem, nostack, preserves_flags));
    }
    // SAFETY: reads a register.
    #[cfg(target_arch = "riscv32")]
    unsafe {
        asm!("mv {}, sp", out(reg) pointer, options(nomem, nostack, preserves_flags));
    }
    #[cfg(not(any(target_arch = "arm", target_arch = "riscv32")))]
    {
        pointer = 0;
    }
    pointer
}

/// Paints the stack that is not in use.
#[inline(never)]
pub fn paint() {
    let end = stack_pointer() - 16;
    for place in (end - PAINTED..end).step_by(4) {
        // SAFETY: below the stack pointer nothing is in use, and no interrupt is enabled. Every machine has more stack.
        unsafe { core::ptr::with_exposed_provenance_mut::<u32>(place).write_volatile(PAINT) };
    }
}

/// How far below `top` the paint is gone.
#[inline(never)]
#[must_use]
pub fn deepest_below(top: usize) -> u32 {
    // Above where `paint` began, whatever its frame was.
    let bottom = top - PAINTED + 128;
    let untouched = (bottom..top)
        .step_by(4)
        // SAFETY: RAM, which holds whatever was written last.
        .take_while(|&place| unsafe {
            core::ptr::with_exposed_provenance::<u32>(place).read_volatile() == PAINT
        })
        .count();
    (top - bottom - 4 * untouched) as u32
}

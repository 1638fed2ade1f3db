//! What QEMU's plugin interface needs, and the only `unsafe` of the counter: QEMU is written in C.
//!
//! What is used here is the same in all versions of the interface; but QEMU takes only those that it knows: up to version
//! 8 number 1, from 9 on number 2 and more.

use std::ffi::{CStr, c_char, c_int, c_uint, c_void};

/// The version of the interface, which whoever builds this chooses for the QEMU at hand.
#[unsafe(no_mangle)]
#[allow(non_upper_case_globals, reason = "QEMU looks for this name")]
pub static qemu_plugin_version: c_int = match option_env!("MLSENSOR_QEMU_PLUGIN_VERSION") {
    Some(version) if matches!(version.as_bytes(), b"2") => 2,
    _ => 1,
};

/// A block of instructions that QEMU translates at once; only QEMU knows what is in it.
enum Block {}
/// One of them.
enum Instruction {}

type Id = u64;
type OnExecution = extern "C" fn(cpu: c_uint, address: *mut c_void);

/// The callback changes no register and looks at none.
const NO_REGISTERS: c_int = 0;

unsafe extern "C" {
    fn qemu_plugin_register_vcpu_tb_trans_cb(id: Id, callback: extern "C" fn(Id, *mut Block));
    fn qemu_plugin_register_atexit_cb(id: Id, callback: extern "C" fn(Id, *mut c_void), data: *mut c_void);
    fn qemu_plugin_tb_n_insns(block: *const Block) -> usize;
    fn qemu_plugin_tb_get_insn(block: *const Block, index: usize) -> *mut Instruction;
    fn qemu_plugin_insn_vaddr(instruction: *const Instruction) -> u64;
    fn qemu_plugin_register_vcpu_insn_exec_cb(
        instruction: *mut Instruction,
        callback: OnExecution,
        flags: c_int,
        data: *mut c_void,
    );
}

/// The address stands in for the pointer that a C program would hand to itself. It is never followed.
extern "C" fn executes(_: c_uint, address: *mut c_void) {
    crate::executes(address.addr() as u64);
}

extern "C" fn translates(_: Id, block: *mut Block) {
    // SAFETY: QEMU lends the block for the time of this call, and says itself how many instructions it holds.
    unsafe {
        for index in 0..qemu_plugin_tb_n_insns(block) {
            let instruction = qemu_plugin_tb_get_insn(block, index);
            let address = qemu_plugin_insn_vaddr(instruction) as usize;
            let data = std::ptr::without_provenance_mut(address);
            qemu_plugin_register_vcpu_insn_exec_cb(instruction, executes, NO_REGISTERS, data);
        }
    }
}

extern "C" fn ends(_: Id, _: *mut c_void) {
    crate::end();
}

/// QEMU calls this once, when it loads the plugin. Anything but 0 makes it stop.
#[unsafe(no_mangle)]
extern "C" fn qemu_plugin_install(
    id: Id,
    _info: *const c_void,
    count: c_int,
    arguments: *const *const c_char,
) -> c_int {
    let count = usize::try_from(count).unwrap_or_default();
    // SAFETY: QEMU hands over `count` strings, which live through this call.
    let arguments = (0..count).map(|index| unsafe { CStr::from_ptr(*arguments.add(index)) });
    let arguments: Vec<String> = arguments.map(|text| text.to_string_lossy().into_owned()).collect();
    if !crate::begin(&arguments) {
        return 1;
    }
    // SAFETY: the callbacks are functions of this library, which QEMU never unloads.
    unsafe {
        qemu_plugin_register_vcpu_tb_trans_cb(id, translates);
        qemu_plugin_register_atexit_cb(id, ends, std::ptr::null_mut());
    }
    0
}

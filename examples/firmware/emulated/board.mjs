// An emulated RP2040, its clock, and what time does to it.

import { RP2040 } from 'rp2040js';

import { segments } from './elf.mjs';

/** Where the program is in flash, behind the 256 bytes with which the chip's boot ROM sets the flash up. */
const PROGRAM = 0x10000100;
const FLASH = 0x10000000;
const FLASH_BYTES = 2 * 1024 * 1024;

const RESETS = 0x4000c;
const RESET = 0x0;
const ALARM0 = 0x10;
const ALARM3 = 0x1c;

/** The chip with a program in its flash. */
export class Board {
  /** @param {Uint8Array} elf the file of the program, as it was built */
  constructor(elf) {
    this.chip = new RP2040();
    this.clock = this.chip.clock;
    /** What the emulator does not know, each once: a program that needs it may not run as on a chip. @type {Set<string>} */
    this.remarks = new Set();
    /** How many instructions were executed. */
    this.instructions = 0;
    this.#listenToEmulator();
    this.#load(elf);
    this.#fixAlarms();
    this.chip.onBreak = (code) => {
      throw new Error(`the program has stopped at a breakpoint (${code}) at ${this.#pc()}: a panic?`);
    };
    this.chip.peripherals[0x40058].onWatchdogTrigger = () => {
      throw new Error(`the watchdog resets the chip at ${this.#pc()}: the program hangs`);
    };
  }

  /** Brings what is outside of the chip to the chip's time. @type {() => void} */
  sync = () => {};

  /** The virtual time in seconds. */
  get seconds() {
    return this.clock.nanos / 1e9;
  }

  /** Does something at a time in seconds. */
  at(seconds, act) {
    this.clock.createAlarm(act).schedule(seconds * 1e9 - this.clock.nanos);
  }

  /** Runs until a time in seconds. A chip that sleeps skips to what happens next. */
  runUntil(seconds) {
    const { clock, chip } = this;
    const { core } = chip;
    const end = seconds * 1e9;
    while (clock.nanos < end) {
      if (core.waiting) {
        const next = clock.nextAlarm ? clock.nanosToNextAlarm : Infinity;
        clock.tick(Math.min(next, end - clock.nanos));
      } else {
        const cycles = core.executeInstruction();
        this.instructions += 1;
        clock.tick((cycles * 1e9) / chip.clkSys);
      }
    }
  }

  /** Does something when the program resets a part of the chip: its bit in the RESET register. */
  onReset(bit, act) {
    const resets = this.chip.peripherals[RESETS];
    const write = resets.writeUint32.bind(resets);
    resets.writeUint32 = (offset, value) => {
      write(offset, value);
      if (offset === RESET && (value >>> bit) & 1) {
        act();
      }
    };
  }

  #pc() {
    return `0x${this.chip.core.PC.toString(16)}, ${this.seconds.toFixed(6)} s`;
  }

  #load(elf) {
    for (const { address, bytes } of segments(elf)) {
      const at = address - FLASH;
      if (at < 0 || at + bytes.length > FLASH_BYTES) {
        throw new Error(`the program is not for the flash of a Pico: it has something at 0x${address.toString(16)}`);
      }
      this.chip.flash.set(bytes, at);
    }
    // What the boot ROM does when the flash is set up.
    const { core } = this.chip;
    core.VTOR = PROGRAM;
    core.SP = this.chip.readUint32(PROGRAM);
    core.PC = this.chip.readUint32(PROGRAM + 4) & ~1;
  }

  /** On the chip an alarm comes when the counter of microseconds gets to it; the emulator's comes up to one earlier. */
  #fixAlarms() {
    const timer = this.chip.peripherals[0x40054];
    const write = timer.writeUint32.bind(timer);
    timer.writeUint32 = (offset, value) => {
      write(offset, value);
      if (offset >= ALARM0 && offset <= ALARM3) {
        const micros = Math.floor(this.clock.nanos / 1000);
        const ahead = (value - micros) >>> 0;
        const { clockAlarm } = timer.alarms[(offset - ALARM0) / 4];
        clockAlarm.schedule(Math.max((micros + ahead) * 1000 - this.clock.nanos, 0));
      }
    };
  }

  #listenToEmulator() {
    const remark = (part, text) => this.remarks.add(`${part}: ${text}`);
    // It takes no notice of the instruction SEV but for this remark: a program that wakes itself would sleep on.
    const info = (part, text) => {
      if (text === 'SEV') {
        this.chip.core.eventRegistered = true;
      }
    };
    this.chip.logger = { debug() {}, info, warn: remark, error: remark };
  }
}

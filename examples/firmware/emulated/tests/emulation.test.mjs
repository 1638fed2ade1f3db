// Is what runs here near enough to a chip, and the same each time?

import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { segments } from '../elf.mjs';
import { pico } from './bench.mjs';

const PROGRAMS = ['fan', 'wake_on_presence', 'watch'];

test('two runs are the same, byte for byte and instruction for instruction', () => {
  for (const name of PROGRAMS) {
    const [one, other] = [0, 1].map(() => {
      const board = pico(name, { scenario: 'walk_up' });
      board.runUntil(15);
      return [board.transcript(), board.instructions, board.chip.core.cycles, board.transfers];
    });
    assert.deepEqual(one, other, name);
    assert.ok(one[0].length > 500 && one[1] > 1_000_000);
  }
});

test('another seed is another run', () => {
  const transcript = (seed) => {
    const board = pico('fan', { scenario: 'walk_up', seed });
    board.runUntil(10);
    return board.transcript();
  };
  assert.notEqual(transcript(1), transcript(2));
  assert.equal(transcript(2), transcript(2n));
});

test('a read takes the time that its bits take at 100 kHz', () => {
  const board = pico('fan', { scenario: 'walk_up' });
  board.runUntil(8);
  const reads = board.transfers.filter(({ direction }) => direction === 'read');
  assert.ok(reads.length > 20);
  for (const { from, to } of reads) {
    // START, 40 bytes of nine bits, STOP; and what the program takes to fill the controller's FIFO again.
    const micros = (to - from) / 1000;
    assert.ok(micros >= 3620 && micros < 3700, `${micros} microseconds`);
  }
});

test('the emulator lacks nothing that the programs need', () => {
  // Known, and without effect on a program: the ring oscillator, the core voltage, the UART's FIFO thresholds, the hold time of
  // the data line.
  const known = /^(ROSC_BASE|VREG_AND_CHIP_RESET_BASE): Unimpl|^UART0: .* write to 0x34:|^I2C0: .*IC_SDA_HOLD/;
  for (const name of PROGRAMS) {
    const board = pico(name, { scenario: 'walk_up' });
    board.runUntil(10);
    assert.deepEqual([...board.remarks].filter((remark) => !known.test(remark)), [], name);
  }
});

test('what is no program is refused', () => {
  assert.throws(() => segments(new Uint8Array(0)), /not an ELF file/);
  assert.throws(() => segments(readFileSync(fileURLToPath(import.meta.url))), /not an ELF file/);
});

test('the command prints the transcript', () => {
  const run = fileURLToPath(new URL('../run.mjs', import.meta.url));
  const options = ['--scenario', 'walk_up', '--seed', '5', '--for', '12', '--power-off', '8', '--power-on', '9'];
  const printed = execFileSync(process.execPath, [run, 'fan', ...options], { encoding: 'utf8' });
  const board = pico('fan', { scenario: 'walk_up', seed: 5 });
  board.runUntil(8);
  board.power(false);
  board.runUntil(9);
  board.power(true);
  board.runUntil(12);
  const lines = printed.split('\n');
  const [end, nothing] = lines.splice(-2);
  assert.deepEqual(lines, board.transcript().trimEnd().split('\n'));
  assert.match(end, /^ +12\.\d{6} s {2}end {6}\d+ instructions$/);
  assert.equal(nothing, '');
  assert.ok(printed.includes('sensor   loses power'));
});

test('the command refuses what it does not understand', () => {
  const run = fileURLToPath(new URL('../run.mjs', import.meta.url));
  for (const [words, says, code, variables] of [
    [['fan', '--for', 'ever'], '--for takes seconds', 'OPTION'],
    [['fan', '--for', ''], '--for takes seconds', 'OPTION'],
    [['fan', '--power-off', '-1'], '--power-off', 'OPTION'],
    [['fan', '--seed', 'x'], '--seed takes a whole number', 'OPTION'],
    [['fan', '--colour'], '--colour', 'OPTION'],
    [['fan', '--scenario', 'nowhere'], 'walk_up', 'SCENARIO'],
    [['fan', '--scenario', run], 'line 1', 'SCENARIO'],
    [['no-such-program'], 'wake_on_presence', 'NO-PROGRAM', { MLSENSOR_FIRMWARE: undefined }],
    [['fan'], 'MLSENSOR_FIRMWARE', 'NO-PROGRAM', { MLSENSOR_FIRMWARE: '/nowhere' }],
    [['fan'], 'MLSENSOR_SIM_WASM', 'NO-WASM', { MLSENSOR_SIM_WASM: '/nowhere' }],
    [['fan'], 'not the simulator', 'NO-WASM', { MLSENSOR_SIM_WASM: run }],
    [[run], 'not an ELF file', 'PROGRAM'],
  ]) {
    const env = { ...process.env, ...variables };
    const { status, stderr } = spawnSync(process.execPath, [run, ...words], { encoding: 'utf8', env });
    assert.equal(status, 1, stderr);
    assert.match(stderr, /^error: .+\nlikely: .+\nrun: .+\ncode: FIRMWARE-[A-Z-]+\n$/);
    assert.ok(stderr.includes(says) && stderr.endsWith(`code: FIRMWARE-${code}\n`), stderr);
  }
});

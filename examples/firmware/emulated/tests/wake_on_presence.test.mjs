// Does the processor sleep while nobody is there, and does the presence pin wake it?

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { changes, isExpected, lines, pico, transfers } from './bench.mjs';

/** Somebody comes twice. */
const TWICE = `about = "Somebody comes at 9 s and at 20 s, for 4 s."
duration_s = 30.0
seed = 3
[[person]]
path = [{ at_s = 9.0, distance_m = 1.0, bearing_deg = 0.0, heading_deg = 0.0 }, { at_s = 13.0 }]
[[person]]
who = 1
path = [{ at_s = 20.0, distance_m = 1.5, bearing_deg = 10.0, heading_deg = 0.0 }, { at_s = 24.0 }]
[detection]
false_burst_per_million = 0
`;

test('it sleeps without a single instruction until the presence pin rises, wakes, and sleeps again', () => {
  const board = pico('wake_on_presence', { toml: TWICE });
  const asleep = [];
  for (let second = 1; second <= 30; second += 1) {
    const before = board.instructions;
    board.runUntil(second);
    if (board.instructions === before) {
      asleep.push(second);
    }
  }
  // From about 5 s on (3 s until the first reading, 2 s of nobody) and from 2 s after each visit on.
  for (const second of [7, 8, 9, 17, 18, 19, 20, 28, 29, 30]) {
    assert.ok(asleep.includes(second), `asleep in the second before ${second} s: ${asleep}`);
  }
  for (const second of [4, 11, 12, 13, 22, 23, 24]) {
    assert.ok(!asleep.includes(second), `awake in the second before ${second} s: ${asleep}`);
  }
  assert.ok(board.chip.core.waiting);
  isExpected('wake_on_presence_twice', board.transcript());
});

test('asleep it leaves the bus alone, and awake it reads', () => {
  const board = pico('wake_on_presence', { toml: TWICE });
  board.runUntil(30);
  const [asleep, awake] = [lines(board, 'asleep'), lines(board, ' awake ')];
  assert.deepEqual([asleep.length, awake.length], [3, 2]);
  for (const [index, { at }] of awake.entries()) {
    assert.deepEqual(transfers(board, asleep[index].at, at - 0.02), []);
    const reads = transfers(board, at, asleep[index + 1].at).filter(({ direction }) => direction === 'read');
    assert.ok(reads.length > 20, `${reads.length} reads`);
  }
});

test('the pin wakes it within a millisecond', () => {
  const board = pico('wake_on_presence', { toml: TWICE });
  board.runUntil(30);
  const rises = board.transcript().split('\n').filter((line) => /presence high$/.test(line)).map(Number.parseFloat);
  const on = changes(board, 'led').filter(({ duty }) => duty === 100).slice(1);
  assert.equal(on.length, 2);
  for (const { at } of on) {
    const since = Math.min(...rises.map((rise) => at - rise).filter((since) => since >= -1e-6));
    assert.ok(since < 0.001, `awake ${since} s after the pin`);
  }
});

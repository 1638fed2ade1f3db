// Does the head turn to who is there, and stay on them? The sensor is on the head: what it sees depends on where the head points.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { lines, pico } from './bench.mjs';

/** Somebody is there from the sixth second to the twentieth, to one side. */
const beside = (bearing_deg) => `about = "Somebody stands to one side."
duration_s = 60.0
[[person]]
path = [{ at_s = 6.0, distance_m = 1.5, bearing_deg = ${bearing_deg}.0, heading_deg = 0.0 }, { at_s = 20.0 }]
`;

/** Where the head points, ten times a second. */
function course(board, until) {
  const all = [];
  while (board.seconds < until) {
    board.runUntil(board.seconds + 0.1);
    all.push(board.head.pan);
  }
  return all;
}

for (const bearing of [-40, 35]) {
  test(`it turns to somebody at ${bearing} degrees and does not hunt`, () => {
    const board = pico('follow', { toml: beside(bearing) });
    board.runUntil(5.9);
    assert.deepEqual({ ...board.head }, { pan: 0, tilt: 0 }, 'nobody is there yet');
    board.runUntil(12);
    const steady = course(board, 19);
    for (const pan of steady) {
      assert.ok(Math.abs(pan - bearing) <= 6, `at ${pan} degrees`);
    }
    const spread = Math.max(...steady) - Math.min(...steady);
    assert.ok(spread <= 4, `between angles ${spread} degrees apart`);
    assert.equal(lines(board, 'follow').length, 1);
  });
}

test('it keeps still when it sees nothing', () => {
  const board = pico('follow', { toml: beside(35) });
  board.runUntil(15);
  board.power(false);
  board.runUntil(15.5);
  const { pan } = board.head;
  board.runUntil(16);
  assert.equal(board.head.pan, pan);
  assert.ok(pan > 25, `it was on somebody: ${pan}`);
});

test('it says when it follows somebody, and when it rests again', () => {
  const board = pico('follow', { toml: beside(35) });
  board.runUntil(26);
  const [, follows, rests, ...more] = board.lines;
  assert.match(follows.text, /follow/);
  assert.ok(follows.at > 6 && follows.at < 8, follows.text);
  assert.match(rests.text, /rest/);
  assert.ok(rests.at > 20 && rests.at < 24, rests.text);
  assert.deepEqual(more, []);
});

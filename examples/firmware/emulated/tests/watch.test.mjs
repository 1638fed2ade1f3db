// Does the program print what the sensor reports: all of it, and nothing else?

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { isExpected, lines, pico, sensor } from './bench.mjs';

/** The packet in the program's words, read out of its bytes here; one face at most. */
function words(packet) {
  const [, , , , count, confidence, left, top, right, bottom, , , isFacing] = packet;
  assert.ok(count <= 1, 'the scenario shows one person');
  const facing = isFacing ? 'facing' : 'not facing';
  return count === 0 ? 'nobody' : `1 face: ${confidence} % at (${left},${top})-(${right},${bottom}), ${facing}`;
}

/** What the sensor publishes in this time, each of it once as long as it stays the same: in words. */
function published(opening, from, to) {
  const alone = sensor(opening);
  alone.advance(from);
  const all = [words(alone.packet())];
  for (;;) {
    alone.advance(alone.nextEvent());
    if (alone.now() > to) {
      return all;
    }
    const said = words(alone.packet());
    if (said !== all.at(-1)) {
      all.push(said);
    }
  }
}

test('it prints every report that says something else than the one before', () => {
  const board = pico('watch', { scenario: 'walk_up' });
  board.runUntil(22);
  const printed = lines(board, 'report').map(({ text }) => text.replace(/^.* report +/, ''));
  // The first reading is made at 3 s; what comes in the last milliseconds is not read any more.
  const expected = published({ scenario: 'walk_up' }, 3_003_000_000n, 21_950_000_000n);
  assert.ok(expected.length > 50, `${expected.length} reports`);
  assert.deepEqual(printed, expected);
  isExpected('watch_walk_up', board.transcript());
});

test('it says when the sensor does not answer, and goes on', () => {
  const board = pico('watch', { scenario: 'walk_up' });
  board.runUntil(8);
  board.power(false);
  board.runUntil(9);
  board.power(true);
  board.runUntil(13);
  const [failed, ...more] = lines(board, 'no reading');
  assert.ok(failed.at > 8 && failed.at < 8.6, failed.text);
  assert.deepEqual(more, [], 'once');
  assert.ok(lines(board, 'face').some(({ at }) => at > 11.5), 'it reads again');
});

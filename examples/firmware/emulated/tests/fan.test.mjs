// Does the fan's program, as it was built for the chip, do with the fan what it should?

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { SOMEBODY, changes, isExpected, lines, pico, transfers } from './bench.mjs';

/** The sensor's address. */
const SENSOR = 0x62;

test('it turns the fan on for who walks up, as fast as its log says, and off again', () => {
  const board = pico('fan', { scenario: 'walk_up' });
  board.runUntil(22);
  const [on, ...moreOn] = lines(board, 'fan on');
  const [off, ...moreOff] = lines(board, 'fan off');
  assert.deepEqual([moreOn, moreOff], [[], []]);
  const said = Number(/speed (\d+) %/.exec(on.text)[1]);
  assert.ok(said >= 30 && said <= 100, `${said} %`);
  const [first, ...rest] = changes(board, 'fan');
  assert.deepEqual([first.duty, first.hz], [said, 25_000], 'the duty at the pin is the one of the log');
  assert.ok(Math.abs(first.at - on.at) < 0.02, `at ${first.at}, said at ${on.at}`);
  const last = rest.at(-1);
  assert.deepEqual([last.duty, last.hz], [0, 0]);
  assert.ok(Math.abs(last.at - off.at) < 0.02, `at ${last.at}, said at ${off.at}`);
  assert.ok(rest.slice(0, -1).every(({ duty, hz }) => duty >= 30 && duty <= 100 && hz === 25_000));
  isExpected('fan_walk_up', board.transcript());
});

test('in an empty room it never turns the fan on, whatever the sensor believes to see', () => {
  const board = pico('fan', { scenario: 'empty_room' });
  board.runUntil(600);
  assert.deepEqual(changes(board, 'fan'), []);
  const seen = board.transfers.filter(({ direction, bytes }) => direction === 'read' && bytes[4] > 0);
  assert.ok(seen.length > 0, 'the sensor has believed to see somebody');
});

test('a sensor that loses power turns the fan off within about a second, and comes back set', () => {
  const board = pico('fan', { toml: SOMEBODY });
  board.at(8, () => board.power(false));
  board.at(12, () => board.power(true));
  board.runUntil(20);
  assert.ok(changes(board, 'fan', 3, 8).at(0).duty > 0, 'on before');
  assert.equal(lines(board, 'no reading for 1 s').length, 1);
  const off = changes(board, 'fan', 8, 12).find(({ duty }) => duty === 0);
  assert.ok(off.at - 8 > 0.9 && off.at - 8 < 1.3, `off ${off.at - 8} s after`);
  const unanswered = transfers(board, 8.01, 14.4);
  assert.ok(unanswered.length > 3 && unanswered.every((transfer) => !transfer.isAcknowledged));
  assert.ok(unanswered.every(({ address, bytes }) => address === SENSOR && bytes.length === 0));
  // It boots for 2.5 s.
  const written = transfers(board, 12, 20).filter(({ direction, isAcknowledged }) => direction === 'write' && isAcknowledged);
  const settings = written.map(({ bytes }) => bytes.map((byte) => byte.toString(16)).join(' ')).sort();
  // Continuous mode, recognition off, labels kept, LED on: the guide's registers 1, 2, 5 and 7.
  assert.deepEqual(settings, ['1 1', '2 0', '5 1', '7 1']);
  const [on] = changes(board, 'fan', 14, 20);
  assert.ok(on.duty > 0 && on.at > 14.5, `on again at ${on.at}`);
  isExpected('fan_power_loss', board.transcript());
});

test('packets with a wrong checksum are no readings, and no faces', () => {
  const board = pico('fan', { toml: SOMEBODY });
  board.runUntil(8);
  for (let tenth = 80; tenth < 110; tenth += 1) {
    // One bit of the face count.
    board.at(tenth / 10, () => board.sensor.spoil(4, 0x01));
    board.at(tenth / 10 + 0.05, () => board.sensor.spoil(4, 0x01));
  }
  board.runUntil(16);
  const spoilt = transfers(board, 8, 11).filter(({ bytes }) => bytes[4] === 0);
  assert.ok(spoilt.length > 15, `${spoilt.length} packets were spoilt`);
  assert.deepEqual(lines(board, 'left'), [], 'that nobody is there was never said');
  const off = changes(board, 'fan', 8, 11).find(({ duty }) => duty === 0);
  assert.ok(off.at - 8 > 0.9 && off.at - 8 < 1.3, `off ${off.at - 8} s after`);
  assert.ok(changes(board, 'fan', 11, 16).some(({ duty }) => duty > 0), 'and on again');
});

test('a single transfer that fails does not stop the fan', () => {
  const board = pico('fan', { toml: SOMEBODY });
  board.runUntil(8);
  board.sensor.refuse(1);
  board.runUntil(12);
  assert.equal(transfers(board, 8, 12).filter((transfer) => !transfer.isAcknowledged).length, 1);
  assert.ok(changes(board, 'fan', 8, 12).every(({ duty }) => duty > 0));
});

test('a sensor that holds the data line low when it is addressed too early is freed, and read again', () => {
  const assume = { probing_while_booting: 'ProbingWhileBooting::HoldsDataLow' };
  const board = pico('fan', { toml: SOMEBODY, assume });
  board.at(6, () => board.power(false));
  board.at(6.3, () => board.power(true));
  let held = 0;
  for (let at = 6.3; at < 8.8; at += 0.001) {
    board.runUntil(at);
    held += board.sensor.holdsDataLow() ? 1 : 0;
  }
  assert.ok(held > 0, 'the line was held');
  board.runUntil(16);
  assert.ok(transfers(board, 10, 16).some(({ bytes }) => bytes.length === 39), 'it is read again');
  assert.ok(changes(board, 'fan', 8.8, 16).some(({ duty }) => duty > 0), 'and the fan runs again');
});

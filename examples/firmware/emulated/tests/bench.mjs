// What the tests share: a Pico that runs a program in front of a scene, and transcripts that were looked at.

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';

import { Pico } from '../pico.mjs';
import { program, simulator } from '../places.mjs';

const SIMULATOR = await simulator();

/** Somebody faces the sensor all the time. */
export const SOMEBODY = `about = "Somebody faces the sensor."
duration_s = 60.0
[[person]]
path = [{ at_s = 0.0, distance_m = 1.0, bearing_deg = 0.0, heading_deg = 0.0 }, { at_s = 60.0 }]
`;

/** A sensor alone. */
export const sensor = (opening) => SIMULATOR.open(opening);

/** A Pico that is about to run a program. */
export const pico = (name, opening) => new Pico(readFileSync(program(name)), sensor(opening));

/**
 * How far apart two times of a transcript may be, in seconds. Another compiler makes other instructions, so a program is microseconds
 * earlier or later. Those can decide whether a reading sees a result that is published just then, or the next look does, which is
 * at most 10 ms later; and when to read next follows from that. Nothing else of what it does may be another.
 */
const NEAR = 0.01;

/** The lines without their times, and the times. */
function taken(transcript) {
  const times = [];
  const take = (_, number, unit) => {
    times.push(Number(number));
    return `T${unit}`;
  };
  return { text: transcript.replace(/ *(\d+\.\d{3,6})( s  )/g, take), times };
}

/** Compares with the file of this name; EXPECT=write writes it anew instead. */
export function isExpected(name, transcript) {
  const file = new URL(`../expected/${name}.txt`, import.meta.url);
  if (process.env.EXPECT === 'write') {
    writeFileSync(file, transcript);
  }
  const [found, expected] = [transcript, readFileSync(file, 'utf8')].map(taken);
  assert.equal(found.text, expected.text);
  for (const [index, time] of found.times.entries()) {
    const wanted = expected.times[index];
    assert.ok(Math.abs(time - wanted) <= NEAR, `${time} s, and not ${wanted} s, in ${name}:\n${transcript}`);
  }
}

/** The lines of the log that have this in them. */
export const lines = (pico, text) => pico.lines.filter((line) => line.text.includes(text));

/** The changes of an output from a time on. */
export const changes = (pico, name, from = 0, to = Infinity) =>
  pico.changes.filter((change) => change.name === name && change.at >= from && change.at < to);

/** The transfers that begin between two times in seconds. */
export const transfers = (pico, from, to) =>
  pico.transfers.filter((transfer) => transfer.from >= from * 1e9 && transfer.from < to * 1e9);

// Is each scenario in WebAssembly what it is everywhere else, byte for byte?

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { Simulator } from '../mlsensor-sim.mjs';
import { module } from './module.mjs';

// What the simulator's own test holds them to, on the host: there is no other list.
const source = readFileSync(new URL('../../tests/scenarios.rs', import.meta.url), 'utf8');
const [, size, list] = /const GOLDEN: \[\(&str, u64\); (\d+)\] = \[(.*?)\];/s.exec(source);
const golden = new Map(
  Array.from(list.matchAll(/\("(\w+)", 0x([0-9A-F_]+)\)/g), ([, name, digits]) => [
    name,
    BigInt(`0x${digits.replaceAll('_', '')}`),
  ]),
);

const simulator = await Simulator.load(module());

test('there is a digest of every scenario that comes with the simulator', () => {
  assert.equal(golden.size, Number(size));
  assert.deepEqual([...golden.keys()].sort(), simulator.scenarios().sort());
});

for (const [name, digest] of golden) {
  test(`the digest of ${name} is that of the host`, () => {
    const sensor = simulator.open({ scenario: name });
    assert.equal(sensor.digest(sensor.duration()).toString(16), digest.toString(16));
  });
}

// Does the wrapper for JavaScript give what the module gives, and throw what it refuses?

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { SimError, Simulator } from '../mlsensor-sim.mjs';
import { module } from './module.mjs';

const SECOND = 1_000_000_000n;

const bytes = module();
const simulator = await Simulator.load(bytes);

const read = (sensor) => {
  assert.ok(sensor.start(0x62, 'read'));
  const packet = Uint8Array.from({ length: 39 }, () => sensor.readByte());
  sensor.stop();
  return packet;
};

test('a sensor in front of a scenario sees who walks up', () => {
  const sensor = simulator.open({ scenario: 'walk_up' });
  assert.equal(sensor.duration(), 22n * SECOND);
  sensor.advance(8n * SECOND);
  const packet = read(sensor);
  assert.deepEqual(packet, sensor.packet());
  assert.deepEqual([...packet.subarray(0, 5)], [0, 0, 33, 0, 1]);
  assert.deepEqual([sensor.presence(), sensor.led(), sensor.now()], [true, true, 8n * SECOND]);
  assert.ok(sensor.results() > 50n && sensor.nextEvent() < SECOND);
});

test('a module can come as bytes, as a module, or as what fetch gives', async () => {
  const compiled = await WebAssembly.compile(bytes);
  const response = new Response(bytes);
  for (const source of [bytes, compiled, response, Promise.resolve(new Response(bytes))]) {
    assert.equal((await Simulator.load(source)).scenarios()[0], 'walk_up');
  }
});

test('a module that imports something would not be loaded', async () => {
  assert.deepEqual(WebAssembly.Module.imports(await WebAssembly.compile(bytes)), []);
});

test('a sensor without a scenario sees the people that are put in front of it', () => {
  const sensor = simulator.open();
  assert.equal(sensor.duration(), undefined);
  sensor.setPeople([{ distance_m: 1, bearing_deg: -15 }, { distance_m: 2, heading_deg: 180 }]);
  sensor.advance(SECOND);
  assert.equal(sensor.packet()[4], 1);
  sensor.setPeople([]);
  sensor.advance(SECOND);
  assert.equal(sensor.packet()[4], 0);
});

test('a write is what the register holds when the transfer has ended', () => {
  const sensor = simulator.open();
  assert.ok(sensor.start(0x62, 'write') && sensor.writeByte(1) && sensor.writeByte(0));
  sensor.stop();
  assert.equal(sensor.register(1), 0);
});

test('power, faults and a data line that is held', () => {
  const sensor = simulator.open({ assume: { probing_while_booting: 'ProbingWhileBooting::HoldsDataLow' } });
  sensor.refuse(1);
  assert.deepEqual([sensor.start(0x62, 'read'), sensor.readByte()], [false, 255]);
  sensor.stop();
  const right = read(sensor);
  sensor.spoil(38, 0x10);
  assert.deepEqual([read(sensor)[38], read(sensor)[38]], [right[38] ^ 0x10, right[38]]);
  sensor.power(false);
  assert.equal(sensor.nextEvent(), undefined);
  sensor.power(true);
  assert.deepEqual([sensor.start(0x62, 'read'), sensor.holdsDataLow()], [false, true]);
  sensor.recover();
  assert.equal(sensor.holdsDataLow(), false);
});

test('a seed of 64 bits is taken whole', () => {
  const digest = (seed) => simulator.open({ scenario: 'walk_up', seed }).digest(22n * SECOND);
  assert.equal(digest(1), digest(1n));
  assert.notEqual(digest(1n), digest(2n ** 63n + 1n));
});

test('a scenario may be a file, and the text of its error says where it is wrong', () => {
  const about = 'about = "Ein Zimmer, ganz leer: é"\nduration_s = 2.0\n';
  assert.equal(simulator.open({ toml: about }).duration(), 2n * SECOND);
  assert.throws(() => simulator.open({ toml: `${about}colour = 3\n` }), (error) => {
    assert.ok(error instanceof SimError);
    assert.equal(error.code, -3);
    assert.match(error.message, /^line 3: .*colour/);
    return true;
  });
});

test('what is refused is thrown, with its code', () => {
  const closed = simulator.open();
  closed.close();
  for (const [code, act] of [
    [-1, () => closed.now()],
    [-1, () => closed.packet()],
    [-1, () => closed.close()],
    [-2, () => simulator.open({ scenario: 'nowhere' })],
    [-5, () => simulator.open().start(0x80, 'read')],
    [-5, () => simulator.open().advance(2n ** 64n - 1n)],
    [-6, () => simulator.open({ toml: '#'.repeat(2 ** 20 + 1) })],
    [-9, () => simulator.open({ assume: { no_such: '1' } })],
  ]) {
    assert.throws(act, (error) => error instanceof SimError && error.code === code && error.message.length > 10, `${code}`);
  }
  for (const wrong of [-1, 1.5, 2 ** 32, NaN, '1']) {
    assert.throws(() => simulator.open().writeByte(wrong), RangeError);
  }
  assert.throws(() => simulator.open().advance(-1), RangeError);
});

test('a long file makes the memory grow, and what is read afterwards is right', async () => {
  const { instance } = await WebAssembly.instantiate(bytes);
  const own = new Simulator(instance);
  const before = own.open({ scenario: 'walk_up' });
  before.advance(8n * SECOND);
  const packet = before.packet();
  const size = instance.exports.memory.buffer.byteLength;
  const toml = `about = "Long."\nduration_s = 1.0\n${'#'.repeat(1_000_000)}`;
  assert.equal(own.open({ toml }).duration(), SECOND);
  assert.ok(instance.exports.memory.buffer.byteLength > size);
  assert.deepEqual(before.packet(), packet);
  assert.deepEqual(read(before), packet);
});

test('nonsense of any kind is answered, and never traps', async () => {
  // The module as it is, past the wrapper: every function, with numbers drawn without a pattern but the same each time.
  const { instance } = await WebAssembly.instantiate(bytes);
  const calls = Object.entries(instance.exports).filter(([name]) => name.startsWith('mls_'));
  assert.equal(calls.length, 31);
  let state = 12345;
  const draw = (most) => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return (state >>> 8) % most;
  };
  const numbers = [0, 1, 2, 3, 0x62, 255, 256, 4096, 4097, 2 ** 20, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1, -1, NaN, 0.5];
  const long = [0n, 1n, SECOND, 60n * SECOND, 2n ** 63n, 2n ** 64n - 1n];
  const refused = { times: 0 };
  for (let turn = 0; turn < 20_000; turn += 1) {
    const [name, call] = calls[draw(calls.length)];
    if (draw(50) === 0) {
      const at = instance.exports.mls_buffer(64);
      const text = new Uint8Array(instance.exports.memory.buffer, at, 64);
      text.set(Array.from(text, () => draw(256)));
    }
    const takesLong = { mls_open: [1], mls_open_named: [2], mls_open_toml: [2], mls_advance: [1], mls_digest: [1] }[name] ?? [];
    const values = Array.from({ length: 6 }, (_, at) =>
      takesLong.includes(at) ? long[draw(long.length)] : numbers[draw(numbers.length)],
    );
    refused.times += call(...values) < 0 ? 1 : 0;
  }
  assert.ok(refused.times > 1000 && refused.times < 19_000, `${refused.times}`);
});

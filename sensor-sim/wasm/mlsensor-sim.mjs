// The simulated sensor, for JavaScript: in browsers, in Node 18 and later, and wherever else WebAssembly runs. It depends on
// nothing. Every function of the module, and what its answers mean: README.md beside this file.

/** The version of the module's interface that this file speaks. */
export const VERSION = 1;

/** What a time is that does not come. */
const NEVER = 2n ** 63n - 1n;

const ENCODER = new TextEncoder();
const DECODER = new TextDecoder();

/** A call that the module refused. */
export class SimError extends Error {
  /**
   * @param {string} message what is wrong
   * @param {number} code which kind of refusal it is: see README.md
   */
  constructor(message, code) {
    super(message);
    this.name = 'SimError';
    /** @type {number} */
    this.code = code;
  }
}

/**
 * @typedef {object} Person
 * @property {number} distance_m how far away, in metres
 * @property {number} [bearing_deg] off the lens axis in degrees, negative to the sensor's left; 0 if absent
 * @property {number} [heading_deg] how far the head is turned from the sensor, in degrees: 0 faces it, 90 is a profile; 0 if absent
 * @property {number} [eye_height_m] the eyes over the floor, in metres (the sensor: 1.4); 1.6 if absent
 * @property {number} [who] faces of the same number are the same person's; 0 if absent
 */

/**
 * @typedef {object} Opening
 * @property {string} [scenario] the name of a scenario that comes with the simulator
 * @property {string} [toml] the text of a scenario file; without any of the two, the room is empty
 * @property {number | bigint} [seed] lets chance fall otherwise than the scenario says
 * @property {Record<string, string>} [assume] other answers to open questions about the sensor, by their names
 */

/** The module, made ready for use. */
export class Simulator {
  /** @type {any} */
  #calls;

  /** @param {WebAssembly.Instance} instance the module, instantiated: it imports nothing */
  constructor(instance) {
    this.#calls = instance.exports;
    const version = this.#calls.mls_version?.();
    if (version !== VERSION) {
      throw new SimError(`the module speaks version ${version}, not ${VERSION}`, 0);
    }
  }

  /**
   * Makes a module ready for use.
   * @param {BufferSource | WebAssembly.Module | Response | Promise<Response>} source its bytes, or what `fetch` gives
   * @returns {Promise<Simulator>}
   */
  static async load(source) {
    const from = await source;
    if (from instanceof WebAssembly.Module) {
      return new Simulator(await WebAssembly.instantiate(from));
    }
    const bytes = 'arrayBuffer' in from ? await from.arrayBuffer() : from;
    return new Simulator((await WebAssembly.instantiate(bytes)).instance);
  }

  /**
   * The names of the scenarios that come with the simulator.
   * @returns {string[]}
   */
  scenarios() {
    const names = [];
    for (let length; (length = this.#calls.mls_scenario_name(names.length)) >= 0; ) {
      names.push(DECODER.decode(this.#bytes(length)));
    }
    return names;
  }

  /**
   * Opens a simulated sensor that has just got power.
   * @param {Opening} [opening]
   * @returns {Sensor}
   */
  open({ scenario, toml, seed, assume = {} } = {}) {
    const chance = [seed === undefined ? 0 : 1, BigInt.asUintN(64, BigInt(seed ?? 0))];
    let handle;
    if (scenario !== undefined) {
      handle = this.call('mls_open_named', this.#put(scenario), ...chance);
    } else if (toml !== undefined) {
      handle = this.call('mls_open_toml', this.#put(toml), ...chance);
    } else {
      handle = this.call('mls_open', ...chance);
    }
    const sensor = new Sensor(this, handle);
    try {
      for (const [question, answer] of Object.entries(assume)) {
        this.call('mls_assume', handle, this.#put(`${question}=${answer}`));
      }
    } catch (error) {
      sensor.close();
      throw error;
    }
    return sensor;
  }

  /**
   * Calls a function of the module, and throws what it refuses. For what the other methods do not offer.
   * @param {string} name
   * @param {...(number | bigint)} values
   * @returns {any} a number, or a bigint where the function answers 64 bits
   */
  call(name, ...values) {
    const answer = this.#calls[name](...values);
    if (answer < 0) {
      throw new SimError(DECODER.decode(this.#bytes(this.#calls.mls_error())), Number(answer));
    }
    return answer;
  }

  /**
   * The same for a function that answers in the buffer: a copy of its bytes.
   * @param {string} name
   * @param {...(number | bigint)} values
   * @returns {Uint8Array}
   */
  answer(name, ...values) {
    return this.#bytes(this.call(name, ...values));
  }

  /** Puts a text into the buffer: its length. */
  #put(text) {
    const bytes = ENCODER.encode(text);
    const at = this.#calls.mls_buffer(bytes.length);
    if (at === 0) {
      throw new SimError(DECODER.decode(this.#bytes(this.#calls.mls_error())), -6);
    }
    // The memory is asked for each time: where it has grown, older views of it are of no use.
    new Uint8Array(this.#calls.memory.buffer, at, bytes.length).set(bytes);
    return bytes.length;
  }

  #bytes(length) {
    return new Uint8Array(this.#calls.memory.buffer, this.#calls.mls_buffer(0), length).slice();
  }
}

/** A simulated sensor. Times are nanoseconds, as bigints, and pass only when `advance` says so. */
export class Sensor {
  #simulator;
  #handle;

  /** Sensors are opened by `Simulator.open`. */
  constructor(simulator, handle) {
    this.#simulator = simulator;
    this.#handle = handle;
  }

  #call(name, ...values) {
    return this.#simulator.call(name, this.#handle, ...values);
  }

  /** Forgets the sensor. It is of no use any more. */
  close() {
    this.#call('mls_close');
  }

  /** The time since it was opened. @returns {bigint} */
  now() {
    return this.#call('mls_now');
  }

  /** How long its scenario goes on; undefined if it has none. @returns {bigint | undefined} */
  duration() {
    return whenEver(this.#call('mls_duration'));
  }

  /** In what time it next does something by itself; undefined if it never will. @returns {bigint | undefined} */
  nextEvent() {
    return whenEver(this.#call('mls_next_event'));
  }

  /** Lets time pass, a week at most. @param {number | bigint} ns */
  advance(ns) {
    this.#call('mls_advance', unsigned(ns));
  }

  /**
   * A START or repeated START. Whether the sensor acknowledges it.
   * @param {number} address of 7 bits
   * @param {'read' | 'write'} direction
   * @returns {boolean}
   */
  start(address, direction) {
    return this.#call('mls_start', number(address), direction === 'read' ? 1 : 0) === 1;
  }

  /** The controller writes a byte. Whether the sensor acknowledges it. @param {number} byte @returns {boolean} */
  writeByte(byte) {
    return this.#call('mls_write_byte', number(byte)) === 1;
  }

  /** The controller reads a byte; 255 if nothing drives the bus. @returns {number} */
  readByte() {
    return this.#call('mls_read_byte');
  }

  /** A STOP. */
  stop() {
    this.#call('mls_stop');
  }

  /** Whether the sensor holds the data line low, so that no transfer can begin. @returns {boolean} */
  holdsDataLow() {
    return this.#call('mls_holds_data_low') === 1;
  }

  /** Nine pulses of the clock and a STOP, which free a data line that is held. */
  recover() {
    this.#call('mls_recover');
  }

  /** The level of the presence pin. @returns {boolean} */
  presence() {
    return this.#call('mls_presence') === 1;
  }

  /** Whether the indicator LED is lit. @returns {boolean} */
  led() {
    return this.#call('mls_led') === 1;
  }

  /** Gives it power, or takes it away. @param {boolean} isOn */
  power(isOn) {
    this.#call('mls_power', isOn ? 1 : 0);
  }

  /** What a setting's register holds: a look that a real sensor does not allow. @param {number} register @returns {number} */
  register(register) {
    return this.#call('mls_register', number(register));
  }

  /** The 39 bytes that a read gives now. @returns {Uint8Array} */
  packet() {
    return this.#simulator.answer('mls_packet', this.#handle);
  }

  /** How many results it has published. @returns {bigint} */
  results() {
    return this.#call('mls_results');
  }

  /**
   * Lets time pass, a week at most. The digest of all that is published meanwhile: the same on every machine.
   * @param {number | bigint} ns
   * @returns {bigint}
   */
  digest(ns) {
    const bytes = this.#simulator.answer('mls_digest', this.#handle, unsigned(ns));
    return new DataView(bytes.buffer).getBigUint64(0, true);
  }

  /** Puts these people in front of it, in place of its scenario, from its next capture on. @param {Person[]} people */
  setPeople(people) {
    this.#call('mls_clear_people');
    for (const { distance_m, bearing_deg = 0, heading_deg = 0, eye_height_m = 1.6, who = 0 } of people) {
      this.#call('mls_add_person', distance_m, bearing_deg, heading_deg, eye_height_m, number(who));
    }
  }

  /**
   * Turns it, as the head does that it sits on: in degrees, to the right and up.
   * @param {number} pan_deg @param {number} tilt_deg
   */
  point(pan_deg, tilt_deg) {
    this.#call('mls_point', millis(pan_deg), millis(tilt_deg));
  }

  /** The next addresses, so many, are not acknowledged, as with a loose wire. @param {number} starts */
  refuse(starts) {
    this.#call('mls_refuse', number(starts));
  }

  /** In the next read that gets so far, these bits of this byte are wrong. @param {number} at @param {number} mask */
  spoil(at, mask) {
    this.#call('mls_spoil', number(at), number(mask));
  }
}

/** A number of the module has 32 bits: what has more would be cut, and be another one. */
function number(value) {
  if (!Number.isInteger(value) || value < 0 || value > 0xffffffff) {
    throw new RangeError(`not a whole number from 0 to 4294967295: ${value}`);
  }
  return value;
}

/** Thousandths of a number, as the module takes them: with a sign, in 32 bits. */
function millis(value) {
  const whole = Math.round(1000 * value);
  if (!Number.isInteger(whole) || Math.abs(whole) > 0x7fffffff) {
    throw new RangeError(`not a number from -2147483 to 2147483: ${value}`);
  }
  return whole;
}

/** The same for 64 bits. */
function unsigned(value) {
  const whole = BigInt(value);
  if (whole < 0n || whole >= 2n ** 64n) {
    throw new RangeError(`not a whole number from 0 to 2 ** 64 - 1: ${value}`);
  }
  return whole;
}

function whenEver(time) {
  return time === NEVER ? undefined : time;
}

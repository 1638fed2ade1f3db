// A Pico with a Person Sensor, wired as the programs of ../rp2040 say, and the transcript of what happens on it.

import { Board } from './board.mjs';
import { SensorOnBus } from './bus.mjs';
import { mount } from './head.mjs';
import { watch } from './output.mjs';
import { listen } from './uart.mjs';

const WIRES = { controller: 0, sda: 4, scl: 5 };
const PRESENCE = 6;
const UART = 0;
const OUTPUTS = { fan: 15, led: 25 };
const SERVOS = { pan: 16, tilt: 17 };

export class Pico extends Board {
  #sensorHappens;
  #bus;
  /** @type {{ at: number, what: string, text: string }[]} */
  #events = [];

  /**
   * @param {Uint8Array} elf
   * @param {import('../../../sensor-sim/wasm/mlsensor-sim.mjs').Sensor} sensor that has just been opened: it gets power with the chip
   */
  constructor(elf, sensor) {
    super(elf);
    this.sensor = sensor;
    /** Each transfer on the bus. @type {import('./bus.mjs').Transfer[]} */
    this.transfers = [];
    /** Each change of an output. @type {{ at: number, name: string, duty: number, hz: number }[]} */
    this.changes = [];
    /** Each line of the log. @type {{ at: number, text: string }[]} */
    this.lines = [];
    this.#sensorHappens = this.clock.createAlarm(() => this.sync());
    this.sync = () => this.#sync();
    this.#bus = new SensorOnBus(this, WIRES, sensor, (transfer) => this.transfers.push(transfer));
    listen(this, UART, (at, text) => {
      this.lines.push({ at: at / 1e9, text });
      this.note(at, 'log', text);
    });
    for (const [name, pin] of Object.entries(OUTPUTS)) {
      watch(this, pin, (at, { duty, hz }) => {
        this.changes.push({ at: at / 1e9, name, duty, hz });
        this.note(at, name, hz > 0 ? `${duty} % at ${hz} Hz` : duty > 0 ? 'high' : 'low');
      });
    }
    /** Where the head points on which the sensor sits, in degrees. @type {{ pan: number, tilt: number }} */
    this.head = mount(this, SERVOS, (at, name, degrees) => this.note(at, name, `${Math.round(degrees)} degrees`));
    this.sync();
  }

  /** Takes the sensor's power away, or gives it power. */
  power(isOn) {
    this.sync();
    this.sensor.power(isOn);
    this.note(this.clock.nanos, 'sensor', isOn ? 'gets power' : 'loses power');
    this.sync();
  }

  /** Puts an event into the transcript. */
  note(at, what, text) {
    this.#events.push({ at, what, text });
  }

  /** What has happened, a line each, in order of virtual time: seconds, what, and the log's lines as they are. */
  transcript() {
    // What is seen only later, such as that a level lasts, is noted with its own time.
    const events = this.#events.map((event, index) => ({ ...event, index }));
    events.sort((one, other) => one.at - other.at || one.index - other.index);
    const line = ({ at, what, text }) => {
      const seconds = (Math.floor(at / 1000) / 1e6).toFixed(6).padStart(12);
      return `${seconds} s  ${what.padEnd(8)} ${text}`.trimEnd();
    };
    return events.map((event) => `${line(event)}\n`).join('');
  }

  /** Brings the sensor to the chip's time, and its pins to the chip. */
  #sync() {
    const { sensor } = this;
    // By no time at all, too: then what is due now happens.
    sensor.advance(BigInt(Math.floor(this.clock.nanos)) - sensor.now());
    const pin = this.chip.gpio[PRESENCE];
    const isHigh = sensor.presence();
    if (pin.rawInputValue !== isHigh) {
      this.note(this.clock.nanos, 'presence', isHigh ? 'high' : 'low');
      pin.setInputValue(isHigh);
    }
    this.#bus?.pull();
    const next = sensor.nextEvent();
    if (next === undefined) {
      this.#sensorHappens.cancel();
    } else {
      this.#sensorHappens.schedule(Number(sensor.now() + next) - this.clock.nanos);
    }
  }
}

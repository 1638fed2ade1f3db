// The simulated sensor on an I2C controller of the emulated chip.
//
// The emulator's controller calls us at each START, address, byte and STOP, and waits until we say that it is done: that is
// said when the bits would have passed on the wire, so a read of 39 bytes at 100 kHz takes its 3.6 ms, in which the
// program runs on or sleeps. Where the emulator's controller is not like the chip's, it is made so here:
//
// * It has no IC_INTR_MASK: no interrupt ever comes.
// * Its interrupts RX_FULL and TX_EMPTY are events there. On the chip they are levels: they hold as long as the FIFO is as
//   full, or as empty, as the threshold says, whatever was cleared. embassy-rp relies on that. (It also makes TX_EMPTY come after
//   an address that nobody acknowledged, for which blocking writes wait.)
// * IC_TX_ABRT_SOURCE clears itself when it is read. On the chip IC_CLR_TX_ABRT clears it.
// * A reset of the controller by the RESETS block does nothing. On the chip it forgets everything.
// * A START waits for nothing. On the chip it waits until the data line is high.

const READ_MODE = 1;

// Registers and bits: RP2040 datasheet, I2C.
const IC_INTR_MASK = 0x30;
const IC_TX_ABRT_SOURCE = 0x80;
const ALL_INTERRUPTS = 0x1fff;
const TX_EMPTY_CTRL = 1 << 8;
const RX_FULL = 1 << 2;
const TX_EMPTY = 1 << 4;
const IDLE = 0;

const SIO = 5;

export class SensorOnBus {
  /** Whether a transfer is under way. */
  #isBusy = false;
  #done;
  #then;
  /** Pulses of the clock since the sensor has held the data line. */
  #pulses = 0;
  #log;

  /**
   * @param {import('./board.mjs').Board} board
   * @param {{ controller: number, sda: number, scl: number }} wires
   * @param {import('../../../sensor-sim/wasm/mlsensor-sim.mjs').Sensor} sensor
   * @param {(transfer: Transfer) => void} log told of each transfer when it has ended
   *
   * @typedef {object} Transfer
   * @property {number} from when its START was, in nanoseconds
   * @property {number} to when it ended, by a STOP or a repeated START
   * @property {number} address
   * @property {'read' | 'write'} direction
   * @property {boolean} isAcknowledged the address was
   * @property {number[]} bytes
   */
  constructor(board, { controller, sda, scl }, sensor, log) {
    this.board = board;
    this.sensor = sensor;
    this.i2c = board.chip.i2c[controller];
    this.pins = { sda: board.chip.gpio[sda], scl: board.chip.gpio[scl] };
    this.#log = log;
    /** @type {Transfer | undefined} */
    this.transfer = undefined;
    this.#done = board.clock.createAlarm(() => this.#then());
    this.#answer();
    this.#makeFaithful(controller);
    this.#watchWires();
  }

  /** How long a bit takes, in nanoseconds, as the program has set the controller. */
  get bit() {
    return ((this.i2c.sclLowPeriod + this.i2c.sclHighPeriod) * 1e9) / this.board.chip.clkSys;
  }

  /** Does something when so many bits have passed. */
  #after(bits, then) {
    this.#then = () => {
      this.board.sync();
      then();
      this.#settle();
    };
    this.#done.schedule(bits * this.bit);
  }

  #answer() {
    const { i2c, sensor } = this;
    i2c.onStart = () => {
      this.#isBusy = true;
      this.board.sync();
      // With the data line low there can be no START: the controller waits, until it is reset.
      if (!this.#isLow(this.pins.sda)) {
        this.#after(1, () => i2c.completeStart());
      }
    };
    i2c.onConnect = (address, mode) => {
      const direction = mode === READ_MODE ? 'read' : 'write';
      this.#end();
      const from = this.board.clock.nanos - this.bit;
      this.#after(9, () => {
        const isAcknowledged = sensor.start(address, direction);
        this.transfer = { from, to: from, address, direction, isAcknowledged, bytes: [] };
        i2c.completeConnect(isAcknowledged);
      });
    };
    i2c.onWriteByte = (value) => {
      this.#after(9, () => {
        this.transfer?.bytes.push(value);
        i2c.completeWrite(sensor.writeByte(value));
      });
    };
    i2c.onReadByte = () => {
      this.#after(9, () => {
        const value = sensor.readByte();
        this.transfer?.bytes.push(value);
        i2c.completeRead(value);
      });
    };
    i2c.onStop = () => {
      this.#after(1, () => {
        sensor.stop();
        this.#end();
        this.#isBusy = false;
        i2c.completeStop();
        this.board.sync();
      });
    };
  }

  /** The transfer has ended, by a STOP or a repeated START. */
  #end() {
    if (this.transfer) {
      this.transfer.to = this.board.clock.nanos;
      this.#log(this.transfer);
      this.transfer = undefined;
    }
  }

  /** The levels that are interrupts. */
  #settle() {
    const { i2c } = this;
    const isShifting = i2c.control & TX_EMPTY_CTRL && this.#isBusy;
    const isEmpty = i2c.enable & 1 && i2c.txFIFO.itemCount <= i2c.txThreshold && !isShifting;
    const isFull = i2c.rxFIFO.itemCount > i2c.rxThreshold;
    const levels = (isEmpty ? TX_EMPTY : 0) | (isFull ? RX_FULL : 0);
    const raw = (i2c.intRaw & ~(TX_EMPTY | RX_FULL)) | levels;
    if (raw !== i2c.intRaw) {
      i2c.intRaw = raw;
      i2c.checkInterrupts();
    }
  }

  #makeFaithful(controller) {
    const { i2c } = this;
    const [read, write] = [i2c.readUint32.bind(i2c), i2c.writeUint32.bind(i2c)];
    i2c.readUint32 = (offset) => {
      const value = offset === IC_TX_ABRT_SOURCE ? i2c.abortSource : read(offset);
      this.#settle();
      return value;
    };
    i2c.writeUint32 = (offset, value) => {
      if (offset === IC_INTR_MASK) {
        i2c.intEnable = value & ALL_INTERRUPTS;
        i2c.checkInterrupts();
      } else {
        write(offset, value);
      }
      this.#settle();
    };
    this.board.onReset(3 + controller, () => this.#reset());
  }

  /** The controller forgets everything, and lets go of both lines. Of that the sensor sees no STOP. */
  #reset() {
    const { i2c } = this;
    this.#done.cancel();
    this.#end();
    this.#isBusy = false;
    i2c.state = IDLE;
    i2c.busy = i2c.stop = i2c.pendingRestart = i2c.firstByte = false;
    i2c.enable = i2c.abortSource = i2c.intRaw = i2c.intEnable = i2c.rxThreshold = i2c.txThreshold = 0;
    i2c.rxFIFO.reset();
    i2c.txFIFO.reset();
    i2c.checkInterrupts();
  }

  /** Both lines are high unless somebody pulls them low: the sensor, or the program with its pins as outputs. */
  #watchWires() {
    const { sda, scl } = this.pins;
    for (const pin of [sda, scl]) {
      pin.addListener(() => this.pull());
    }
    let wasLow = false;
    scl.addListener(() => {
      const isLow = this.#isDrivenLow(scl);
      if (wasLow && !isLow && this.sensor.holdsDataLow()) {
        this.#pulses += 1;
        if (this.#pulses === 9) {
          this.sensor.recover();
          this.board.sync();
        }
      }
      wasLow = isLow;
    });
    this.pull();
  }

  #isDrivenLow(pin) {
    return pin.functionSelect === SIO && pin.outputEnable && !pin.outputValue;
  }

  #isLow(pin) {
    return this.#isDrivenLow(pin) || (pin === this.pins.sda && this.sensor.holdsDataLow());
  }

  /** Shows the program the levels of the lines. */
  pull() {
    if (!this.sensor.holdsDataLow()) {
      this.#pulses = 0;
    }
    for (const pin of [this.pins.sda, this.pins.scl]) {
      const isHigh = !this.#isLow(pin);
      if (pin.rawInputValue !== isHigh) {
        pin.setInputValue(isHigh);
      }
    }
  }
}

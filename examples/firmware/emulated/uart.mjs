// The lines that a program prints on a UART, with the time of each.
//
// The emulator's UART takes no time: what is written is out. On the chip a byte takes its ten bits, and a program that writes
// more than the FIFO holds waits. It does so here.

// The flags register: RP2040 datasheet, UART.
const BUSY = 1 << 3;
const FULL = 1 << 5;
const EMPTY = 1 << 7;
const FIFO_ENABLED = 1 << 4;

const BITS = 10;

/**
 * @param {import('./board.mjs').Board} board
 * @param {number} number which UART
 * @param {(at: number, text: string) => void} line told of each line when its end has been sent, in nanoseconds
 */
export function listen(board, number, line) {
  const uart = board.chip.uart[number];
  const queue = [];
  let text = [];
  // In UTF-8, as the programs write it.
  const decoder = new TextDecoder();

  const sent = board.clock.createAlarm(() => {
    const byte = queue.shift();
    if (byte === 0x0a) {
      line(board.clock.nanos, decoder.decode(Uint8Array.from(text)).replace(/\r$/, ''));
      text = [];
    } else {
      text.push(byte);
    }
    if (queue.length > 0) {
      send();
    }
  });
  const send = () => sent.schedule((BITS * 1e9) / uart.baudRate);

  uart.onByte = (byte) => {
    queue.push(byte);
    if (queue.length === 1) {
      send();
    }
  };
  const others = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(uart), 'flags').get;
  Object.defineProperty(uart, 'flags', {
    get() {
      // The first of the queue is in the shift register, the rest in the FIFO.
      const waiting = Math.max(queue.length - 1, 0);
      const depth = uart.lineCtrlRegister & FIFO_ENABLED ? 32 : 1;
      const flags = others.call(uart) & ~(EMPTY | FULL | BUSY);
      const isBusy = queue.length > 0 ? BUSY : 0;
      return flags | isBusy | (waiting === 0 ? EMPTY : 0) | (waiting >= depth ? FULL : 0);
    },
  });
}

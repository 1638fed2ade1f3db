// A head on two hobby servos, with the sensor on it: where the pulses at two pins turn it.

const HIGH = 1;

/** What small servos take: the pulse for straight ahead, and for 90 degrees more, in microseconds. */
const [CENTER_US, PER_90_DEG_US] = [1500, 1000];

/** Pulses of another length are none for a servo. */
const PULSES_US = { least: 400, most: 2600 };

/** How far a servo gets until the next pulse, 20 ms later: 60 degrees in 0.15 s, as small ones are sold. */
const STEP_DEG = 8;

/** A head that turned so far has turned, in degrees: less is not worth a line. */
const NEWS_DEG = 5;

/**
 * @param {import('./board.mjs').Board} board
 * @param {{ pan: number, tilt: number }} pins of the signals
 * @param {(at: number, name: string, degrees: number) => void} news told where the head points, when it has turned a little
 * @returns {{ pan: number, tilt: number }} where it points now, in degrees to the right and up; it changes
 */
export function mount(board, pins, news) {
  const head = { pan: 0, tilt: 0 };
  const told = { ...head };
  for (const [name, pin] of Object.entries(pins)) {
    let rose;
    board.chip.gpio[pin].addListener((value) => {
      const now = board.clock.nanos;
      if (value === HIGH) {
        rose = now;
        return;
      }
      const pulse = (now - rose) / 1000;
      rose = undefined;
      if (!(pulse >= PULSES_US.least && pulse <= PULSES_US.most)) {
        return;
      }
      const wanted = ((pulse - CENTER_US) * 90) / PER_90_DEG_US;
      board.sync();
      head[name] += Math.max(-STEP_DEG, Math.min(STEP_DEG, wanted - head[name]));
      board.sensor.point(head.pan, head.tilt);
      if (Math.abs(head[name] - told[name]) >= NEWS_DEG) {
        told[name] = head[name];
        news(now, name, head[name]);
      }
    });
  }
  return head;
}

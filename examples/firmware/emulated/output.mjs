// What a program does with an output pin: high, low, or how much of the time it is high, as measured at the pin.

const HIGH = 1;

/** An output that has kept its level for so long is no pulse. */
const STILL = 1e6;

/**
 * @param {import('./board.mjs').Board} board
 * @param {number} number of the pin
 * @param {(at: number, state: { duty: number, hz: number }) => void} changed told of each change: since when, in nanoseconds, how
 *   much of the time it is high, 0 to 100 %, and how often a second it pulses; 0 and 100 without pulses
 */
export function watch(board, number, changed) {
  const pin = board.chip.gpio[number];
  let last = { duty: 0, hz: 0 };
  let [rose, fell] = [-Infinity, -Infinity];
  let isHigh = false;

  const found = (at, state) => {
    if (state.duty !== last.duty || state.hz !== last.hz) {
      last = state;
      changed(at, state);
    }
  };
  const still = board.clock.createAlarm(() => {
    found(isHigh ? rose : fell, { duty: isHigh ? 100 : 0, hz: 0 });
  });
  pin.addListener((value) => {
    const now = board.clock.nanos;
    if ((value === HIGH) === isHigh) {
      return;
    }
    isHigh = !isHigh;
    if (isHigh) {
      const period = now - rose;
      if (period < STILL) {
        const duty = Math.round((100 * (fell - rose)) / period);
        found(rose, { duty, hz: Math.round(1e9 / period) });
      }
      rose = now;
    } else {
      fell = now;
    }
    still.schedule(STILL);
  });
}

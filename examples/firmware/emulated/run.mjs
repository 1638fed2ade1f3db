// Runs a program for the Pico on an emulated one, in front of a simulated sensor, and prints what happens.

import { readFileSync, statSync } from 'node:fs';
import { parseArgs } from 'node:util';

import { program, simulator } from './places.mjs';
import { Refusal } from './refusal.mjs';

const HELP = `Usage: node examples/firmware/emulated/run.mjs PROGRAM [options]

PROGRAM is an ELF file for the RP2040, or the name of one of examples/firmware/rp2040: fan, follow, watch,
wake_on_presence.

  --scenario NAME  what the sensor sees: a scenario of the simulator, or a file; an empty room without it
  --seed N         let chance fall otherwise than the scenario says
  --for S          how long, in seconds of virtual time; as long as the scenario without it, or 10
  --power-off S    the sensor loses power
  --power-on S     and gets it again

Each line is a time in virtual seconds, where something happened, and what: the program's log, the sensor's presence
pin, the fan's output and the LED; not the servos of follow. The same call prints the same lines.`;

const OPTIONS = {
  help: { type: 'boolean', short: 'h' },
  scenario: { type: 'string' },
  seed: { type: 'string' },
  for: { type: 'string' },
  'power-off': { type: 'string' },
  'power-on': { type: 'string' },
};

/** @returns {Refusal} a word of the command line is wrong */
const misused = (what) =>
  new Refusal({
    what,
    likely: 'an option is mistyped, or its value is missing',
    run: 'node examples/firmware/emulated/run.mjs --help',
    code: 'FIRMWARE-OPTION',
  });

function commandLine() {
  try {
    return parseArgs({ allowPositionals: true, options: OPTIONS });
  } catch (error) {
    throw misused(error.message.split('\n')[0]);
  }
}

/** @returns {number | undefined} */
function seconds(option, text) {
  if (text !== undefined && !(text !== '' && Number(text) >= 0 && Number(text) <= 86_400)) {
    throw misused(`--${option} takes seconds, up to a day, and not ${text}`);
  }
  return text === undefined ? undefined : Number(text);
}

/** @returns {bigint | undefined} */
function chance(text) {
  if (text !== undefined && !/^\d+$/.test(text)) {
    throw misused(`--seed takes a whole number, and not ${text}`);
  }
  return text === undefined ? undefined : BigInt(text);
}

const isFile = (path) => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;

/** The emulated Pico. It is asked for late: what it is made of comes from npm, and may not be there. */
async function emulator() {
  try {
    return (await import('./pico.mjs')).Pico;
  } catch (error) {
    if (error.code !== 'ERR_MODULE_NOT_FOUND') {
      throw error;
    }
    throw new Refusal({
      what: 'there is no rp2040js, which emulates the chip',
      likely: 'it was not installed from npm',
      run: '(cd examples/firmware/emulated && npm ci)',
      code: 'FIRMWARE-NO-EMULATOR',
    });
  }
}

/** A sensor in front of the scene that is asked for. */
function opened(simulator, scenario, seed) {
  const inFile = scenario !== undefined && isFile(scenario);
  const scene = inFile ? { toml: readFileSync(scenario, 'utf8') } : { scenario };
  try {
    return simulator.open({ ...scene, seed });
  } catch (error) {
    throw new Refusal({
      what: `cannot use scenario ${scenario}: ${error.message}`,
      likely: inFile ? 'the file is not as the format wants it' : 'the name is mistyped, or there is no such file',
      run: inFile ? `cat ${scenario}` : 'ls sensor-sim/scenarios',
      code: 'FIRMWARE-SCENARIO',
    });
  }
}

/** The chip with the program in its flash. */
function loaded(Pico, file, sensor) {
  try {
    return new Pico(readFileSync(file), sensor);
  } catch (error) {
    throw new Refusal({
      what: `cannot load ${file}: ${error.message}`,
      likely: 'it is no program, or one for another board: QEMU has a fan too',
      run: '(cd examples/firmware/rp2040 && cargo build --release)',
      code: 'FIRMWARE-PROGRAM',
    });
  }
}

async function main() {
  const { values, positionals } = commandLine();
  if (values.help || positionals.length !== 1) {
    console.log(HELP);
    return values.help ? 0 : 2;
  }
  const powers = ['power-off', 'power-on'].map((option) => [seconds(option, values[option]), option === 'power-on']);
  const [limit, seed] = [seconds('for', values.for), chance(values.seed)];
  const [name] = positionals;
  const file = isFile(name) ? name : program(name);
  const Pico = await emulator();
  const sensor = opened(await simulator(), values.scenario, seed);
  const pico = loaded(Pico, file, sensor);
  for (const [at, isOn] of powers) {
    if (at !== undefined) {
      pico.at(at, () => pico.power(isOn));
    }
  }
  const duration = sensor.duration();
  const end = limit ?? (duration === undefined ? 10 : Number(duration) / 1e9);
  try {
    pico.runUntil(end);
  } catch (error) {
    throw new Refusal({
      what: error.message,
      likely: 'the program has panicked or hangs, or needs a part that is not emulated; above is what led to it',
      run: `gdb-multiarch -batch -ex 'info line *0x${pico.chip.core.PC.toString(16)}' ${file}`,
      code: 'FIRMWARE-STOPPED',
    });
  } finally {
    // What led to it, too, if the program stops.
    process.stdout.write(pico.transcript());
  }
  console.log(`${pico.seconds.toFixed(6).padStart(12)} s  end      ${pico.instructions} instructions`);
  return 0;
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error) => {
    // What is not for people is a fault of these files: then where it was matters.
    console.error(error instanceof Refusal ? `error: ${error.message}` : error);
    process.exitCode = 1;
  },
);

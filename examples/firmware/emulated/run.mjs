// Runs a program for the Pico on an emulated one, in front of a simulated sensor, and prints what happens.

import { existsSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

import { Pico } from './pico.mjs';
import { program, simulator } from './places.mjs';

const HELP = `Usage: node examples/firmware/emulated/run.mjs PROGRAM [options]

PROGRAM is an ELF file for the RP2040, or the name of one of examples/firmware/rp2040: fan, watch, wake_on_presence.

  --scenario NAME  what the sensor sees: a scenario of the simulator, or a file; an empty room without it
  --seed N         let chance fall otherwise than the scenario says
  --for S          how long, in seconds of virtual time; as long as the scenario without it, or 10
  --power-off S    the sensor loses power
  --power-on S     and gets it again

Each line is a second of virtual time, where something happened, and what: the program's log, the sensor's presence pin, the
fan's output and the LED. The same call prints the same lines.`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    help: { type: 'boolean', short: 'h' },
    scenario: { type: 'string' },
    seed: { type: 'string' },
    for: { type: 'string' },
    'power-off': { type: 'string' },
    'power-on': { type: 'string' },
  },
});

/** @returns {number | undefined} */
function seconds(option) {
  const text = values[option];
  if (text !== undefined && !(Number(text) >= 0 && Number(text) <= 86_400)) {
    throw new Error(`--${option} takes seconds, up to a day, and not ${text}`);
  }
  return text === undefined ? undefined : Number(text);
}

async function main() {
  if (values.help || positionals.length !== 1) {
    console.log(HELP);
    return positionals.length === 1 || values.help ? 0 : 2;
  }
  const [name] = positionals;
  const elf = existsSync(name) ? readFileSync(name) : program(name);
  const { scenario } = values;
  const isFile = scenario !== undefined && existsSync(scenario);
  const scene = isFile ? { toml: readFileSync(scenario, 'utf8') } : { scenario };
  const seed = values.seed === undefined ? undefined : BigInt(values.seed);
  const sensor = (await simulator()).open({ ...scene, seed });
  const pico = new Pico(elf, sensor);
  for (const [option, isOn] of [['power-off', false], ['power-on', true]]) {
    const at = seconds(option);
    if (at !== undefined) {
      pico.at(at, () => pico.power(isOn));
    }
  }
  const duration = sensor.duration();
  const end = seconds('for') ?? (duration === undefined ? 10 : Number(duration) / 1e9);
  try {
    pico.runUntil(end);
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
    console.error(`error: ${error.message}`);
    process.exitCode = 1;
  },
);

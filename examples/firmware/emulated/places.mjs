// Where the programs and the simulator are.

import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { Simulator } from '../../../sensor-sim/wasm/mlsensor-sim.mjs';

const path = (from) => fileURLToPath(new URL(from, import.meta.url));

/** @returns {string} the first that is there, or why there is none, in four parts */
function first(files, { what, likely, run, code }) {
  const found = files.find((file) => file !== undefined && existsSync(file));
  if (found === undefined) {
    throw new Error(`${what}\n  likely: ${likely}\n  run: ${run}\n  code: ${code}`);
  }
  return found;
}

/** The simulator; MLSENSOR_SIM_WASM says where its module is, if it is not where it was built. */
export async function simulator() {
  const told = process.env.MLSENSOR_SIM_WASM;
  const name = 'wasm32-unknown-unknown/wasm/mlsensor_sim_wasm.wasm';
  const built = ['target', 'target/mcu'].map((folder) => path(`../../../${folder}/${name}`));
  const module = first(told === undefined ? built : [told], {
    what: `there is no ${told ?? built[0]}`,
    likely: 'the simulator was not built for WebAssembly',
    run: 'cargo build -p mlsensor-sim-wasm --profile wasm --target wasm32-unknown-unknown',
    code: 'FIRMWARE-NO-WASM',
  });
  return Simulator.load(readFileSync(module));
}

/** The ELF file of a program of ../rp2040; MLSENSOR_FIRMWARE says in which folder they are, if not where they were built. */
export function program(name) {
  const told = process.env.MLSENSOR_FIRMWARE;
  const folders = ['../target', '../../../target/mcu'].map((folder) => path(`${folder}/thumbv6m-none-eabi/release`));
  const files = (told === undefined ? folders : [told]).map((folder) => `${folder}/${name}`);
  const file = first(files, {
    what: `there is no ${files[0]}`,
    likely: 'the programs were not built',
    run: '(cd examples/firmware/rp2040 && cargo build --release)',
    code: 'FIRMWARE-NO-PROGRAM',
  });
  return readFileSync(file);
}

// Where the programs and the simulator are.

import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { Simulator } from '../../../sensor-sim/wasm/mlsensor-sim.mjs';
import { Refusal } from './refusal.mjs';

const path = (from) => fileURLToPath(new URL(from, import.meta.url));

/** @returns {string} the first that is there; why there is none depends on whether somebody said where it is */
function first(files, variable, { likely, run, code }) {
  const found = files.find((file) => existsSync(file));
  if (found === undefined) {
    const told = { likely: `${variable} names another place than where it was built`, run: `echo $${variable}` };
    const why = process.env[variable] === undefined ? { likely, run } : told;
    throw new Refusal({ what: `there is no ${files[0]}`, ...why, code });
  }
  return found;
}

/** The simulator; MLSENSOR_SIM_WASM says where its module is, if it is not where it was built. */
export async function simulator() {
  const told = process.env.MLSENSOR_SIM_WASM;
  const name = 'wasm32-unknown-unknown/wasm/mlsensor_sim_wasm.wasm';
  const built = ['target', 'target/mcu'].map((folder) => path(`../../../${folder}/${name}`));
  const build = 'cargo rustc -p mlsensor-sim-wasm --lib --crate-type cdylib --profile wasm --target wasm32-unknown-unknown';
  const module = first(told === undefined ? built : [told], 'MLSENSOR_SIM_WASM', {
    likely: 'the simulator was not built for WebAssembly',
    run: build,
    code: 'FIRMWARE-NO-WASM',
  });
  try {
    return await Simulator.load(readFileSync(module));
  } catch (error) {
    throw new Refusal({
      what: `${module} is not the simulator: ${error.message}`,
      likely: 'it is another file, or of another version',
      run: build,
      code: 'FIRMWARE-NO-WASM',
    });
  }
}

/**
 * The ELF file of a program of ../rp2040; MLSENSOR_FIRMWARE says in which folder they are, if not where they were built.
 * @returns {string} its path
 */
export function program(name) {
  const told = process.env.MLSENSOR_FIRMWARE;
  const folders = ['../target/rp2040', '../../../target/mcu'].map((folder) =>
    path(`${folder}/thumbv6m-none-eabi/release`),
  );
  const files = (told === undefined ? folders : [told]).map((folder) => `${folder}/${name}`);
  return first(files, 'MLSENSOR_FIRMWARE', {
    likely: 'it was not built, or its name is mistyped: there are fan, follow, watch and wake_on_presence',
    run: '(cd examples/firmware/rp2040 && cargo build --release)',
    code: 'FIRMWARE-NO-PROGRAM',
  });
}

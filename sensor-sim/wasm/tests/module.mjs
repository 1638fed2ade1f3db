// Where the module is that is tested.

import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const NAME = 'wasm32-unknown-unknown/wasm/mlsensor_sim_wasm.wasm';

/** Its bytes; MLSENSOR_SIM_WASM says where it is, if it is not where it was built. */
export function module() {
  const built = ['target', 'target/mcu'].map((folder) => fileURLToPath(new URL(`../../../${folder}/${NAME}`, import.meta.url)));
  const file = process.env.MLSENSOR_SIM_WASM ?? built.find((file) => existsSync(file)) ?? built[0];
  return readFileSync(file);
}

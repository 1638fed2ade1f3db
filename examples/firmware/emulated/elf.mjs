// Reads a program for a microcontroller out of its ELF file.

const LOADED = 1;

/**
 * What of an ELF file is in memory when the chip starts.
 * @param {Uint8Array} file
 * @returns {{ address: number, bytes: Uint8Array }[]}
 */
export function segments(file) {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const isElf = file.length >= 52 && view.getUint32(0) === 0x7f454c46;
  if (!isElf || file[4] !== 1 || file[5] !== 1 || view.getUint16(18, true) !== 40) {
    throw new Error('not an ELF file for ARM processors of 32 bits');
  }
  const [at, size, count] = [view.getUint32(28, true), view.getUint16(42, true), view.getUint16(44, true)];
  const found = [];
  for (let header = at; header < at + size * count; header += size) {
    const length = view.getUint32(header + 16, true);
    if (view.getUint32(header, true) === LOADED && length > 0) {
      const from = view.getUint32(header + 4, true);
      // The physical address: what is in RAM later is copied out of flash by the program itself.
      found.push({ address: view.getUint32(header + 12, true), bytes: file.subarray(from, from + length) });
    }
  }
  return found;
}

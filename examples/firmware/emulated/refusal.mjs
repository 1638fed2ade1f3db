// What keeps a program from being run, for people.

/** In four parts: what happened, the likeliest cause, one command to run, and a code to search for. */
export class Refusal extends Error {
  constructor({ what, likely, run, code }) {
    super(`${what}\nlikely: ${likely}\nrun: ${run}\ncode: ${code}`);
    this.name = 'Refusal';
  }
}

/** Milliseconds: the least wait, and the longest first one. */
const SOON = 200;
const FIRST = 2000;

/**
 * How long to wait before each attempt to reconnect.
 *
 * A wait is drawn evenly between `SOON` and a ceiling that doubles from attempt to attempt: a hall whose network or server
 * comes back does not come at once, and keeps apart while it fails.
 */
export class Backoff {
  #tries = 0;

  /** `slowest` is the highest ceiling in milliseconds; `random` gives numbers from 0 to 1. */
  constructor(
    private readonly slowest: number,
    private readonly random: () => number = Math.random,
  ) {}

  /** Milliseconds to wait before the next attempt. */
  next(): number {
    const ceiling = Math.min(this.slowest, FIRST * 2 ** this.#tries);
    this.#tries += 1;
    return SOON + this.random() * (ceiling - SOON);
  }

  /** The connection stands: the next wait is a first one again. */
  succeeded(): void {
    this.#tries = 0;
  }
}

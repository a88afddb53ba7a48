/** Milliseconds: the least wait, and the longest first one. */
const SOON = 200;
const FIRST = 2000;

/**
 * The waits before attempts to reconnect.
 *
 * Each wait is random between `SOON` and a ceiling that doubles with every attempt: when a hall's network or server
 * comes back, its clients do not all come at once, and they stay spread out while attempts fail.
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

  /** The connection is open: the next wait is a first one again. */
  succeeded(): void {
    this.#tries = 0;
  }
}

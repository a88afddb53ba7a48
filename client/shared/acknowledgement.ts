const SYNC = 0;
const STEP_2 = 1;
const UPDATE = 2;

/** Whether a frame of the y-websocket protocol brings the server something to store. */
export const carriesUpdate = (frame: Uint8Array): boolean =>
  frame[0] === SYNC && (frame[1] === STEP_2 || frame[1] === UPDATE);

/**
 * Tells whether everything written here is durably stored on the server.
 *
 * The server answers with the number of frames of this connection whose effects are on disk. A new connection starts
 * with an exchange of what each side lacks, so nothing counts as stored before our half of that exchange is
 * acknowledged.
 */
export class Acknowledgement {
  #sent = 0;
  #acknowledged = 0;

  opened(): void {
    this.#sent = 0;
    this.#acknowledged = 0;
  }

  sent(frame: Uint8Array): void {
    if (carriesUpdate(frame)) this.#sent += 1;
  }

  acknowledged(count: number): void {
    this.#acknowledged = Math.max(this.#acknowledged, count);
  }

  get stored(): boolean {
    return this.#sent > 0 && this.#acknowledged >= this.#sent;
  }
}

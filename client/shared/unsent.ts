import { fromBase64, toBase64 } from "lib0/buffer";

import { UNSENT } from "./unsentkey";

const FLAG = "1";

/**
 * Notes whether a text stored on this device has unsent parts. `last` is an update with what the database may not have
 * stored yet.
 */
export function markUnsent(database: string, unsent: boolean, last?: Uint8Array): void {
  try {
    if (unsent) localStorage.setItem(UNSENT + database, last ? toBase64(last) : FLAG);
    else localStorage.removeItem(UNSENT + database);
  } catch {
    // Storage is full or not available: the database has most of it.
  }
}

/** The last update of an earlier page, if any. */
export function lastUnsent(database: string): Uint8Array | null {
  try {
    const kept = localStorage.getItem(UNSENT + database);
    return kept && kept !== FLAG ? fromBase64(kept) : null;
  } catch {
    return null;
  }
}

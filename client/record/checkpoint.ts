/** A checkpoint: the log's name, the number of entries, and the root of its tree in base64. */
export interface Checkpoint {
  origin: string;
  size: number;
  root: string;
}

/** Parses a C2SP tlog-checkpoint, signed or not; null if it is malformed. */
export function readCheckpoint(note: string): Checkpoint | null {
  const [origin = "", size = "", root = ""] = note.split("\n");
  return origin && /^\d{1,15}$/.test(size) && /^[A-Za-z0-9+/]{43}=$/.test(root)
    ? { origin, size: Number(size), root }
    : null;
}

export interface Remembered extends Checkpoint {
  /** When this browser first saw it, in milliseconds since 1970. */
  seen: number;
}

const keyOf = (slug: string): string => `pleniere:checkpoint:${slug}`;

export function remembered(slug: string): Remembered | null {
  try {
    return JSON.parse(localStorage.getItem(keyOf(slug)) ?? "null") as Remembered | null;
  } catch {
    return null;
  }
}

export const remember = (slug: string, now: Checkpoint): void =>
  localStorage.setItem(keyOf(slug), JSON.stringify({ ...now, seen: Date.now() } satisfies Remembered));

/** Compares the record shown now with the stored one. That a larger one continues it must be shown by a proof. */
export function compare(before: Checkpoint | null, now: Checkpoint): "new" | "same" | "longer" | "shorter" | "changed" {
  if (!before || before.origin !== now.origin) return "new";
  if (now.size < before.size) return "shorter";
  if (now.size > before.size) return "longer";
  return now.root === before.root ? "same" : "changed";
}

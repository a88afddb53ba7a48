const PREFIX = "pleniere:wish:";

/** A preference stored on this device; `fallback` until it is set, or if nothing can be stored. */
export class Preference {
  #value: boolean;

  constructor(
    private readonly name: string,
    fallback: boolean,
  ) {
    this.#value = fallback;
    try {
      const kept = localStorage.getItem(PREFIX + name);
      if (kept !== null) this.#value = kept === "1";
    } catch {
      // Storage is not available: the fallback applies.
    }
  }

  get value(): boolean {
    return this.#value;
  }

  set(value: boolean): void {
    this.#value = value;
    try {
      localStorage.setItem(PREFIX + this.name, value ? "1" : "0");
    } catch {
      // It could not be stored, and applies to this page only.
    }
  }
}

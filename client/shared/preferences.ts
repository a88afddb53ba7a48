const PREFIX = "pleniere:wish:";

/** A choice of the person, remembered on this device; `fallback` until they choose, or where nothing can be kept. */
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
      // A browser that keeps nothing still serves the page.
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
      // It holds for this page at least.
    }
  }
}

import { announce } from "../shared/announce";

const WAIT = 120;

/** A slider that shows each state while it moves; without JavaScript the form's button is used. */
class Timeline {
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asked = 0;

  constructor(private readonly part: HTMLElement) {
    part.addEventListener("input", ({ target }) => {
      if (target instanceof HTMLInputElement && target.type === "range") this.#soon(target);
    });
  }

  #soon(slider: HTMLInputElement): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#show(slider), WAIT);
  }

  async #show(slider: HTMLInputElement): Promise<void> {
    const asked = ++this.#asked;
    const address = new URL(location.href);
    address.searchParams.set("etat", slider.value);
    address.searchParams.delete("depuis");
    try {
      const response = await fetch(address, { credentials: "same-origin" });
      if (!response.ok || asked !== this.#asked) return;
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      this.#replace(page.getElementById(this.part.id), address);
    } catch {
      // No network: the form's own button lets the browser say so.
    }
  }

  /** Replaces everything except the slider in use, so that it keeps the focus and the pointer. */
  #replace(next: HTMLElement | null, address: URL): void {
    const slider = this.part.querySelector<HTMLInputElement>("input[type=range]");
    const place = next?.querySelector<HTMLInputElement>("input[type=range]");
    if (!next || !slider || !place) return;
    place.replaceWith(slider);
    this.part.replaceChildren(...next.childNodes);
    history.replaceState(null, "", address);
    slider.focus();
    announce(this.part.querySelector(".moment")?.textContent?.trim() ?? "");
  }
}

for (const part of document.querySelectorAll<HTMLElement>("[data-island=history]")) new Timeline(part);

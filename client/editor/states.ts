import { element } from "../shared/element";
import { say } from "../shared/language";
import type { Content } from "../shared/side";

const messages = {
  before: say("Précédent", "Previous"),
  after: say("Suivant", "Next"),
  whole: say("Toute l’histoire du texte", "The whole history of the text"),
  none: say("Rien n’est encore enregistré de ce texte.", "Nothing of this text is recorded yet."),
  failed: say("L’histoire n’a pas pu être lue. Réessayez.", "The history could not be read. Try again."),
  same: say("Aucun mot n’a changé.", "No word has changed."),
};

/** One state of the text, as the page of its history shows it. */
interface Station {
  place: number;
  last: number;
  title: string;
  moment: HTMLElement;
  /** The passages that changed since the state before. */
  changes: HTMLElement[];
}

/** Reads a page of the history of a motion; null if it has no states. */
export function stationOf(page: Document): Station | null {
  const slider = page.querySelector<HTMLInputElement>("#position");
  const moment = page.querySelector<HTMLElement>("#moment");
  if (!slider || !moment) return null;
  const passages = [...page.querySelectorAll<HTMLElement>(".then .clause:not(.then-same), .then .motion-title")];
  for (const each of passages) {
    each.removeAttribute("id");
    each.querySelectorAll("form").forEach((form) => form.remove());
  }
  return {
    place: Number(slider.value),
    last: Number(slider.max),
    title: page.querySelector("label[for=position]")?.textContent ?? "",
    moment,
    changes: passages.filter((each) => each.querySelector("ins, del")),
  };
}

/** The states of the text in the side panel, one after the other, each with what it changed. */
export class States implements Content {
  readonly element: HTMLElement;
  #place = 0;
  #title = element("p", { class: "states__title", role: "status" });
  #body = element("div", { class: "states__body" });
  #before = element("button", { type: "button", class: "small second", click: () => void this.#go(this.#place - 1) }, messages.before);
  #after = element("button", { type: "button", class: "small second", click: () => void this.#go(this.#place + 1) }, messages.after);

  /** `address` is that of the history of the motion. */
  constructor(private readonly address: string) {
    this.element = element(
      "div",
      { class: "states" },
      this.#title,
      element("p", { class: "row" }, this.#before, this.#after),
      this.#body,
      element("p", {}, element("a", { href: address }, messages.whole)),
    );
  }

  opened(): void {
    void this.#go(0);
  }

  /** Shows the state of that number; 0 stands for the last. */
  async #go(place: number): Promise<void> {
    const query = place ? `?etat=${place}` : "";
    try {
      const answer = await fetch(`${this.address}${query}`, { credentials: "same-origin" });
      if (!answer.ok) throw new Error(String(answer.status));
      this.#show(stationOf(new DOMParser().parseFromString(await answer.text(), "text/html")));
    } catch {
      this.#title.textContent = messages.failed;
    }
  }

  #show(station: Station | null): void {
    this.#place = station?.place ?? 0;
    this.#title.textContent = station?.title ?? messages.none;
    this.#before.disabled = !station || station.place <= 1;
    this.#after.disabled = !station || station.place >= station.last;
    const { moment, changes } = station ?? { moment: null, changes: [] };
    moment?.removeAttribute("id");
    const shown = changes.length || !station ? changes : [element("p", { class: "meta" }, messages.same)];
    this.#body.replaceChildren(...(moment ? [moment] : []), ...shown);
  }
}

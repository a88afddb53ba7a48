import { element } from "./element";
import { language, say } from "./language";

/** A place as `/api/v1/territoires` suggests it. */
export interface Place {
  code: string;
  label: string;
  kind: string;
  population: number;
  department: string;
  department_name: string;
  former: string;
}

let pointerIsDown = false;
for (const name of ["pointerdown", "pointerup", "pointercancel"])
  document.addEventListener(name, () => (pointerIsDown = name === "pointerdown"), { capture: true });

/** Milliseconds without a key before the server is asked. */
const PAUSE = 120;
const KINDS: Record<string, [string, string]> = {
  village: ["village", "village"],
  bourg: ["bourg", "small town"],
  ville: ["ville", "town"],
  metropole: ["métropole", "metropolis"],
  epci: ["EPCI", "grouping of communes"],
  departement: ["département", "département"],
  region: ["région", "région"],
  pays: ["pays étranger", "foreign country"],
};

/** What tells a place apart from others of its name: its former name, where it lies, how many people live there. */
export function facts(place: Place): string {
  const inside = place.department_name && place.department !== place.code ? place.department_name : "";
  const kind = KINDS[place.kind];
  const people = new Intl.NumberFormat(language).format(place.population);
  return [
    place.former && say(`anciennement ${place.former}`, `formerly ${place.former}`),
    inside || (kind && say(...kind)),
    place.population > 0 && say(`${people} hab.`, `pop. ${people}`),
  ]
    .filter(Boolean)
    .join(" · ");
}

export type Ask = (typed: string, signal: AbortSignal) => Promise<Place[]>;

/**
 * Makes a text field a combobox with a list of suggestions (WAI-ARIA, list autocomplete with manual selection): arrows
 * walk through the list, Enter takes a place, Escape closes it. The field keeps what is typed until a place is taken,
 * and is sent like any other; the server understands both.
 */
export class PlaceField {
  private places: Place[] = [];
  private at = -1;
  private asked: AbortController | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly list: HTMLUListElement;
  private readonly status: HTMLElement;

  constructor(
    private readonly field: HTMLInputElement,
    private readonly ask: Ask,
  ) {
    const id = `${field.id}-suggestions`;
    this.list = element("ul", { id, class: "suggestions", role: "listbox", hidden: true, tabindex: -1 });
    this.list.setAttribute("aria-label", say("Lieux proposés", "Suggested places"));
    this.status = element("p", { class: "visually-hidden", role: "status" });
    for (const [name, value] of Object.entries({
      role: "combobox",
      autocomplete: "off",
      "aria-autocomplete": "list",
      "aria-expanded": "false",
      "aria-controls": id,
    }))
      field.setAttribute(name, value);
    field.after(this.list, this.status);
    field.addEventListener("input", () => this.typed());
    field.addEventListener("keydown", (event) => this.pressed(event));
    field.addEventListener("blur", () => this.left());
    this.list.addEventListener("mousedown", (event) => event.preventDefault()); // the field keeps the focus
    this.list.addEventListener("click", (event) => this.clicked(event));
  }

  private typed(): void {
    clearTimeout(this.timer);
    this.asked?.abort();
    const words = this.field.value.trim();
    if (words.length < 2) return this.close();
    this.timer = setTimeout(() => void this.fetch(words), PAUSE);
  }

  private async fetch(words: string): Promise<void> {
    const asked = (this.asked = new AbortController());
    try {
      const found = await this.ask(words, asked.signal);
      if (asked === this.asked && document.activeElement === this.field) this.show(found);
    } catch {
      this.close(); // without a network the words are sent as they are
    }
  }

  private show(found: Place[]): void {
    this.places = found;
    this.at = -1;
    this.list.replaceChildren(...found.map((place, i) => this.option(place, i)));
    this.open(found.length > 0);
    this.status.textContent =
      found.length > 0
        ? say(`${found.length} lieux proposés`, `${found.length} places suggested`)
        : say("Aucun lieu proposé", "No place suggested");
  }

  private option(place: Place, i: number): HTMLLIElement {
    return element(
      "li",
      { id: `${this.list.id}-${i}`, role: "option", "aria-selected": "false" },
      element("span", {}, place.label),
      " ",
      element("span", { class: "meta" }, facts(place)),
    );
  }

  private open(shown: boolean): void {
    this.list.hidden = !shown;
    this.field.setAttribute("aria-expanded", String(shown));
    if (!shown) this.field.removeAttribute("aria-activedescendant");
  }

  /** Closes once a press is over: what stands below the list must not move away from under it. */
  private left(): void {
    const close = (): void => void setTimeout(() => document.activeElement !== this.field && this.close());
    if (!pointerIsDown) return close();
    for (const name of ["pointerup", "pointercancel"])
      document.addEventListener(name, close, { once: true, capture: true });
  }

  private close(): void {
    clearTimeout(this.timer);
    this.asked?.abort();
    this.open(false);
  }

  private pressed(event: KeyboardEvent): void {
    if (this.list.hidden || event.isComposing) return;
    if (event.key === "ArrowDown") this.move(this.at + 1);
    else if (event.key === "ArrowUp") this.move(this.at < 0 ? this.places.length - 1 : this.at - 1);
    else if (event.key === "Escape") this.close();
    else if (event.key === "Enter" && this.at >= 0) this.take(this.at);
    else return;
    event.preventDefault();
  }

  /** Marks the option of that number; before the first and after the last none is. */
  private move(to: number): void {
    this.at = to >= this.places.length ? -1 : to;
    [...this.list.children].forEach((option, i) => option.setAttribute("aria-selected", String(i === this.at)));
    const marked = this.list.children[this.at];
    if (marked) {
      this.field.setAttribute("aria-activedescendant", marked.id);
      marked.scrollIntoView({ block: "nearest" });
    } else this.field.removeAttribute("aria-activedescendant");
  }

  private clicked(event: MouseEvent): void {
    const option = event.target instanceof Element ? event.target.closest("[role=option]") : null;
    const i = option ? [...this.list.children].indexOf(option) : -1;
    if (i >= 0) this.take(i);
  }

  private take(i: number): void {
    const place = this.places[i];
    if (!place) return;
    this.field.value = place.label;
    this.field.dispatchEvent(new Event("input", { bubbles: true })); // drafts are told
    this.close();
    this.status.textContent = place.label;
  }
}

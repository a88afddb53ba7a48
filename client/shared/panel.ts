import { announce } from "./announce";
import { element } from "./element";
import { say } from "./language";
import type { Excerpt, Testimony, Testimonies } from "./testimonies";

const SHOWN = 40;

const messages = {
  title: say("Témoignages", "Testimonies"),
  search: say("Chercher un témoignage", "Search testimonies"),
  close: say("Fermer", "Close"),
  none: say("Aucun témoignage publié ne correspond.", "No published testimony matches."),
  more: (count: number): string => say(`${count} autres : précisez la recherche.`, `${count} more: refine the search.`),
  found: (count: number): string =>
    count > 1 ? say(`${count} témoignages`, `${count} testimonies`) : say("1 témoignage", "1 testimony"),
  text: say(
    "Texte du témoignage : sélectionnez un passage pour le citer",
    "Text of the testimony: select a passage to cite it",
  ),
  quote: say("Citer le passage sélectionné", "Cite the selected passage"),
  select: say("Sélectionnez d’abord un passage du texte.", "First select a passage of the text."),
  untitled: (number: number): string => say(`Témoignage ${number}`, `Testimony ${number}`),
  use: say("Citer", "Cite"),
  drag: say("Glissez cet extrait sur une clause, ou :", "Drag this excerpt onto a clause, or:"),
  uncited: say("Pas encore cités ici", "Not cited here yet"),
  cited: say("cité", "cited"),
};

/** The kind of data that an excerpt is dragged as: its number. */
export const EXCERPT_DRAG = "application/x-pleniere-excerpt";

/** The testimonies beside a text or a map: search, read, and pick an excerpt or a passage. */
export class TestimonyPanel {
  readonly element: HTMLElement;
  #search: HTMLInputElement;
  #list = element("ul", { class: "sources__list" });
  #status = element("p", { class: "sources__status", role: "status" });
  #open = new Set<number>();
  #returnFocus: (() => void) | null = null;
  #uncited = element("input", { type: "checkbox", change: () => this.#render() });

  /** `reached` tells the testimonies that are cited already, where that can be told: they are marked, and can be left out. */
  constructor(
    private readonly testimonies: Testimonies,
    private readonly picked: (excerpt: Excerpt) => void,
    private readonly reached?: () => ReadonlySet<number>,
  ) {
    this.#search = element("input", {
      type: "search",
      id: "sources-search",
      autocomplete: "off",
      input: () => this.#render(),
    });
    this.element = element(
      "aside",
      {
        class: "sources",
        "aria-label": messages.title,
        hidden: true,
        keydown: (event: KeyboardEvent) => this.#keys(event),
      },
      element(
        "div",
        { class: "sources__head" },
        element("h2", { class: "sources__title" }, messages.title),
        element(
          "button",
          { type: "button", class: "sources__close", "aria-label": messages.close, click: () => this.close() },
          "×",
        ),
      ),
      element("label", { for: "sources-search", class: "sources__label" }, messages.search),
      this.#search,
      reached ? element("label", { class: "sources__filter" }, this.#uncited, messages.uncited) : null,
      this.#status,
      this.#list,
    );
    testimonies.watch(() => this.#render());
  }

  get isOpen(): boolean {
    return !this.element.hidden;
  }

  /** Shows the panel; `returnFocus` is called when it closes. */
  async open(returnFocus: () => void): Promise<void> {
    this.#returnFocus = returnFocus;
    this.element.hidden = false;
    this.#search.focus({ preventScroll: true });
    this.#render();
    try {
      await this.testimonies.load();
    } catch (error) {
      this.#status.textContent = (error as Error).message;
    }
  }

  /** Shows those that are not cited yet. */
  openUncited(returnFocus: () => void): Promise<void> {
    this.#uncited.checked = true;
    this.#search.value = "";
    return this.open(returnFocus);
  }

  close(): void {
    this.element.hidden = true;
    this.#returnFocus?.();
  }

  #keys(event: KeyboardEvent): void {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    this.close();
  }

  #render(): void {
    if (!this.isOpen) return;
    const reached = this.reached?.();
    const fitting = this.testimonies.search(this.#search.value);
    const found = this.#uncited.checked ? fitting.filter(({ number }) => !reached?.has(number)) : fitting;
    const rest = found.length - SHOWN;
    this.#status.textContent = found.length ? messages.found(found.length) : messages.none;
    this.#list.replaceChildren(
      ...found.slice(0, SHOWN).map((testimony) => this.#item(testimony, reached?.has(testimony.number) === true)),
      ...(rest > 0 ? [element("li", { class: "sources__more" }, messages.more(rest))] : []),
    );
  }

  #item(testimony: Testimony, cited: boolean): HTMLElement {
    const details = element(
      "details",
      { class: "source", toggle: () => this.#toggled(testimony, details) },
      element(
        "summary",
        { class: "source__summary" },
        element("span", { class: "source__title" }, testimony.title || messages.untitled(testimony.number)),
        cited ? element("span", { class: "source__cited" }, messages.cited) : null,
        element("span", { class: "source__speaker" }, testimony.speaker),
      ),
      ...testimony.excerpts.map((excerpt) => this.#excerpt(excerpt)),
    );
    if (this.#open.has(testimony.number)) details.open = true;
    return element("li", {}, details);
  }

  #toggled(testimony: Testimony, details: HTMLDetailsElement): void {
    if (details.open) this.#open.add(testimony.number);
    else this.#open.delete(testimony.number);
    if (details.open && !details.querySelector("textarea")) details.append(...this.#passage(testimony));
  }

  #excerpt(excerpt: Excerpt): HTMLElement {
    const use = element(
      "button",
      {
        type: "button",
        class: "source__use",
        "aria-label": `${messages.use} : ${excerpt.quote}`,
        click: () => this.picked(excerpt),
      },
      messages.use,
    );
    const dragged = (event: DragEvent): void => {
      event.dataTransfer?.setData(EXCERPT_DRAG, String(excerpt.number));
      if (event.dataTransfer) event.dataTransfer.effectAllowed = "copy";
    };
    return element(
      "blockquote",
      { class: "source__excerpt", draggable: "true", title: messages.drag, dragstart: dragged },
      element("p", {}, excerpt.quote),
      use,
    );
  }

  /** The text in a read-only field: its selection works with a keyboard, a finger and a screen reader alike. */
  #passage(testimony: Testimony): HTMLElement[] {
    const rows = Math.min(12, Math.ceil(testimony.text.length / 38) + testimony.text.split("\n").length);
    const field = element("textarea", { class: "source__text", readonly: true, rows, "aria-label": messages.text });
    field.value = testimony.text;
    const quote = async (): Promise<void> => {
      const [from, to] = trimmed(field.value, field.selectionStart, field.selectionEnd);
      if (from >= to) return this.#say(messages.select);
      try {
        this.picked(await this.testimonies.quote(testimony, from, to));
      } catch (error) {
        this.#say((error as Error).message);
      }
    };
    const button = element(
      "button",
      { type: "button", class: "source__quote", click: () => void quote() },
      messages.quote,
    );
    return [field, button];
  }

  #say(sentence: string): void {
    this.#status.textContent = sentence;
    announce(sentence);
  }
}

/** The selection without the blanks at its ends. */
export function trimmed(text: string, from: number, to: number): [number, number] {
  const chosen = text.slice(from, to);
  return [from + chosen.length - chosen.trimStart().length, to - (chosen.length - chosen.trimEnd().length)];
}

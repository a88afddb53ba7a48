import { announce } from "./announce";
import { element } from "./element";
import { takeFocus } from "./focus";
import { say } from "./language";
import type { Pane } from "./side";
import type { Excerpt, Idea, Testimony, Testimonies } from "./testimonies";

const SHOWN = 40;

type Tab = "testimonies" | "map";

const messages = {
  title: say("Témoignages", "Testimonies"),
  sources: say("Sources", "Sources"),
  map: say("Carte", "Map"),
  searchMap: say("Chercher une idée", "Search ideas"),
  noIdea: say("Aucune idée ne correspond.", "No idea matches."),
  ideas: (count: number): string => (count > 1 ? say(`${count} idées`, `${count} ideas`) : say("1 idée", "1 idea")),
  search: say("Chercher un témoignage", "Search testimonies"),
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

/** The data type of a dragged excerpt; the data is its number. */
export const EXCERPT_DRAG = "application/x-pleniere-excerpt";

/** The sources in the side panel of a text or a map: search, read, and choose an excerpt or a passage to cite. */
export class TestimonyPanel implements Pane {
  readonly id = "sources";
  readonly label = messages.sources;
  readonly element: HTMLElement;
  #search: HTMLInputElement;
  #list = element("ul", { class: "sources__list" });
  #status = element("p", { class: "sources__status", role: "status" });
  #open = new Set<number>();
  /** What the list shows, as a text; "" when it shows the map. */
  #look = "";
  #uncited = element("input", { type: "checkbox", change: () => this.#render() });
  #searchLabel = element("label", { for: "sources-search", class: "sources__label" }, messages.search);
  #filter = element("label", { class: "sources__filter" }, this.#uncited, messages.uncited);
  #tabs = ["testimonies", "map"].map((name) => this.#tab(name as Tab));
  #tabList = element("div", { class: "sources__tabs", role: "tablist", "aria-label": messages.sources }, ...this.#tabs);
  #body: HTMLElement;
  #shown: Tab = "testimonies";

  /**
   * `reached` returns the testimonies that are cited already, where that is known: they are marked, and can be hidden.
   * `withMaps`: the excerpts behind ideas of maps can be cited too.
   */
  constructor(
    private readonly testimonies: Testimonies,
    private readonly picked: (excerpt: Excerpt) => void,
    private readonly reached?: () => ReadonlySet<number>,
    private readonly withMaps = true,
  ) {
    this.#search = element("input", {
      type: "search",
      id: "sources-search",
      autocomplete: "off",
      input: () => this.#render(),
    });
    this.#filter.hidden = !reached;
    this.#body = element(
      "div",
      { class: "sources__body", id: "sources-body" },
      this.#searchLabel,
      this.#search,
      this.#filter,
      this.#status,
      this.#list,
    );
    this.element = element("div", { class: "sources" }, this.#tabList, this.#body);
    this.#show("testimonies");
    testimonies.watch(() => this.#render());
  }

  opened(): void {
    this.#render();
    void this.testimonies.load().catch((error: unknown) => (this.#status.textContent = (error as Error).message));
  }

  focus(): void {
    takeFocus(this.#search, { preventScroll: true });
  }

  /** Shows those that are not cited yet. */
  showUncited(): void {
    this.#show("testimonies");
    this.#uncited.checked = true;
    this.#search.value = "";
    this.#render();
  }

  // Testimonies, or the map that orders them

  #tab(name: Tab): HTMLButtonElement {
    return element(
      "button",
      {
        type: "button",
        role: "tab",
        id: `sources-${name}`,
        class: "sources__tab",
        "aria-controls": "sources-body",
        click: () => this.#show(name),
        keydown: (event: KeyboardEvent) => this.#otherTab(event),
      },
      name === "map" ? messages.map : messages.title,
    );
  }

  #otherTab(event: KeyboardEvent): void {
    if (event.key !== "ArrowRight" && event.key !== "ArrowLeft") return;
    event.preventDefault();
    this.#show(this.#shown === "map" ? "testimonies" : "map");
    this.#tabs.find((tab) => tab.tabIndex === 0)?.focus();
  }

  #show(name: Tab): void {
    this.#shown = name;
    for (const tab of this.#tabs) {
      const chosen = tab.id === `sources-${name}`;
      tab.setAttribute("aria-selected", String(chosen));
      tab.tabIndex = chosen ? 0 : -1;
    }
    this.#body.setAttribute("aria-labelledby", `sources-${name}`);
    this.#searchLabel.textContent = name === "map" ? messages.searchMap : messages.search;
    this.#filter.hidden = name === "map" || !this.reached;
    this.#render();
  }

  #render(): void {
    this.#tabList.hidden = !this.withMaps || !this.testimonies.maps.some(({ ideas }) => ideas.length);
    if (this.element.hidden) return;
    if (this.#shown === "map") this.#renderMaps();
    else this.#renderTestimonies();
  }

  #renderMaps(): void {
    this.#look = "";
    const maps = this.testimonies.maps.map(({ title, ideas }) => {
      const found = this.testimonies.ideas({ title, ideas }, this.#search.value);
      return { title, found };
    });
    const count = maps.reduce((sum, { found }) => sum + found.length, 0);
    this.#status.textContent = count ? messages.ideas(count) : messages.noIdea;
    this.#list.replaceChildren(
      ...maps.flatMap(({ title, found }) =>
        found.length
          ? [element("li", { class: "sources__map" }, title), ...found.map((idea) => this.#idea(idea))]
          : [],
      ),
    );
  }

  /** An idea, indented by its depth, with the excerpts that it cites. */
  #idea({ text, depth, excerpts }: Idea): HTMLElement {
    const quoted = excerpts.flatMap((number) => this.testimonies.source(String(number)) ?? []);
    const item = element(
      "li",
      { class: "idea" },
      element("p", { class: "idea__text" }, text),
      ...quoted.map(({ excerpt, testimony }) => this.#excerpt(excerpt, testimony.speaker)),
    );
    item.style.setProperty("--depth", String(Math.min(depth, 5)));
    return item;
  }

  #renderTestimonies(): void {
    const reached = this.reached?.();
    const fitting = this.testimonies.search(this.#search.value);
    const found = this.#uncited.checked ? fitting.filter(({ number }) => !reached?.has(number)) : fitting;
    const rest = found.length - SHOWN;
    this.#status.textContent = found.length ? messages.found(found.length) : messages.none;
    const seen = found.slice(0, SHOWN);
    const look = JSON.stringify([seen.map((each) => [each, reached?.has(each.number) === true]), rest]);
    if (look === this.#look) return; // nothing is new: what is being pressed stays where it is
    this.#look = look;
    this.#list.replaceChildren(
      ...seen.map((testimony) => this.#item(testimony, reached?.has(testimony.number) === true)),
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

  #excerpt(excerpt: Excerpt, speaker = ""): HTMLElement {
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
      element("p", {}, excerpt.quote, speaker ? element("span", { class: "source__speaker" }, speaker) : null),
      use,
    );
  }

  /** The text in a read-only field, because selecting in it works by keyboard, touch and screen reader alike. */
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

/** The selection [from, to) without spaces at its ends. */
export function trimmed(text: string, from: number, to: number): [number, number] {
  const chosen = text.slice(from, to);
  return [from + chosen.length - chosen.trimStart().length, to - (chosen.length - chosen.trimEnd().length)];
}

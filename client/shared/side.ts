import { element } from "./element";
import { icon } from "./icons";
import { say } from "./language";
import { Preference } from "./preferences";

const WIDE = globalThis.matchMedia?.("(min-width: 64rem)");

/** Whether the panel stands beside the work, and not over it. */
export const isBeside = (): boolean => WIDE?.matches ?? false;

const messages = {
  open: say("Volet", "Panel"),
  close: say("Fermer le volet", "Close the panel"),
  loading: say("Un instant…", "One moment…"),
  failed: say("Ce volet n’a pas pu être chargé. Réessayez.", "This panel could not be loaded. Try again."),
  tabs: say("Ce que montre le volet", "What the panel shows"),
};

/** One tab of the side panel. */
export interface Pane {
  id: string;
  label: string;
  element: HTMLElement;
  /** Called when it is shown, `wished` because the person asked for it, and when it is no more. */
  opened?: (wished: boolean) => void;
  closed?: () => void;
  /** Whether it belongs beside the text on a wide screen: Escape then leads back to the text and leaves it open. */
  stays?: boolean;
}

/** What a pane shows that is loaded when somebody opens it. */
export interface Content {
  element: HTMLElement;
  opened?: () => void;
  closed?: () => void;
}

/** A pane whose program is loaded when it is first opened. */
export function laterPane(pane: { id: string; label: string; stays?: boolean; load: () => Promise<Content> }): Pane {
  const { load, ...rest } = pane;
  const place = element("div", { "aria-live": "polite" }, messages.loading);
  let content: Content | null = null;
  let loading = false;
  let isOpen = false;
  const show = async (): Promise<void> => {
    loading = true;
    try {
      content = await load();
      place.removeAttribute("aria-live");
      place.replaceChildren(content.element);
      if (isOpen) content.opened?.();
    } catch {
      place.textContent = messages.failed;
    }
    loading = false;
  };
  return {
    ...rest,
    element: place,
    opened: () => {
      isOpen = true;
      if (content) content.opened?.();
      else if (!loading) void show();
    },
    closed: () => {
      isOpen = false;
      content?.closed?.();
    },
  };
}

interface Tab {
  pane: Pane;
  button: HTMLButtonElement;
  count: HTMLElement;
}

/**
 * The one panel beside a text or a map, with a tab for each thing that it can show: a column on a wide screen, a sheet at
 * the bottom of a narrow one.
 */
export class SidePanel {
  readonly element: HTMLElement;
  /** Opens and closes the panel; tells how much waits in it. */
  readonly button: HTMLButtonElement;
  #tabs: Tab[] = [];
  #list = element("div", { class: "side__tabs", role: "tablist", "aria-label": messages.tabs });
  #title = element("h2", { class: "side__title" });
  #badge = element("span", { class: "side__badge" });
  #current: Tab | null = null;
  #wish = new Preference("side", true);

  constructor(private readonly leave: () => void) {
    this.button = element(
      "button",
      {
        type: "button",
        class: "editor__switch side__switch",
        "aria-expanded": "false",
        "aria-controls": "side",
        click: () => this.#toggle(),
      },
      icon("side"),
      element("span", { class: "side__word" }, messages.open),
      this.#badge,
    );
    const close = element(
      "button",
      { type: "button", class: "side__close", "aria-label": messages.close, title: messages.close, click: () => this.#shut() },
      "×",
    );
    this.element = element(
      "aside",
      { class: "side", id: "side", hidden: true, keydown: (event: KeyboardEvent) => this.#key(event) },
      element("div", { class: "side__head" }, this.#title, this.#list, close),
    );
  }

  /** The id of the pane that is seen; "" while the panel is closed. */
  get shown(): string {
    return this.element.hidden ? "" : (this.#current?.pane.id ?? "");
  }

  /** Whether the person wants the panel open, where there is room. */
  get wished(): boolean {
    return this.#wish.value;
  }

  add(pane: Pane): void {
    const count = element("span", { class: "side__count" });
    const button = element(
      "button",
      {
        type: "button",
        role: "tab",
        class: "side__tab",
        id: `tab-${pane.id}`,
        "aria-controls": `pane-${pane.id}`,
        "aria-selected": "false",
        tabindex: -1,
        click: () => this.open(pane.id),
        keydown: (event: KeyboardEvent) => this.#otherTab(event),
      },
      pane.label,
      count,
    );
    pane.element.classList.add("side__pane");
    pane.element.id = `pane-${pane.id}`;
    pane.element.hidden = true;
    pane.element.setAttribute("role", "tabpanel");
    pane.element.setAttribute("aria-labelledby", button.id);
    this.#tabs.push({ pane, button, count });
    this.#list.append(button);
    this.element.append(pane.element);
    this.#list.hidden = this.#tabs.length < 2;
    this.#title.hidden = !this.#list.hidden;
  }

  /** Shows how many things wait in a pane; `words` says it in full. */
  tell(id: string, count: number, words: string): void {
    const tab = this.#tabs.find(({ pane }) => pane.id === id);
    if (!tab) return;
    tab.count.textContent = count ? ` ${count}` : "";
    this.#badge.textContent = count ? String(count) : "";
    this.button.title = count ? words : "";
  }

  /** Shows a pane. `wished`: because the person asked for it. */
  open(id: string, wished = true): void {
    const tab = this.#tabs.find(({ pane }) => pane.id === id);
    if (!tab || this.shown === id) return;
    if (this.shown) this.#current?.pane.closed?.();
    this.#current = tab;
    for (const { pane, button } of this.#tabs) {
      pane.element.hidden = pane !== tab.pane;
      button.setAttribute("aria-selected", String(pane === tab.pane));
      button.tabIndex = pane === tab.pane ? 0 : -1;
    }
    this.#title.textContent = tab.pane.label;
    this.element.setAttribute("aria-label", tab.pane.label);
    this.element.dataset["shown"] = id;
    this.element.hidden = false;
    this.button.setAttribute("aria-expanded", "true");
    if (wished) this.#wish.set(true);
    tab.pane.opened?.(wished);
  }

  close(): void {
    if (this.element.hidden) return;
    this.element.hidden = true;
    this.button.setAttribute("aria-expanded", "false");
    this.#current?.pane.closed?.();
  }

  #toggle(): void {
    if (this.element.hidden) return this.open(this.#current?.pane.id ?? this.#tabs[0]?.pane.id ?? "");
    this.#wish.set(false);
    this.close();
  }

  #shut(): void {
    this.#wish.set(false);
    this.close();
    this.leave();
  }

  #key(event: KeyboardEvent): void {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    event.stopPropagation();
    if (!(this.#current?.pane.stays && isBeside())) this.close();
    this.leave();
  }

  #otherTab(event: KeyboardEvent): void {
    const at = this.#tabs.findIndex((tab) => tab === this.#current);
    const last = this.#tabs.length - 1;
    const next = { ArrowRight: at === last ? 0 : at + 1, ArrowLeft: at ? at - 1 : last, Home: 0, End: last }[event.key];
    const tab = next === undefined ? undefined : this.#tabs[next];
    if (!tab) return;
    event.preventDefault();
    this.open(tab.pane.id);
    tab.button.focus();
  }
}

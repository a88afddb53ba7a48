import type { EditorView } from "prosemirror-view";

import { element } from "../shared/element";
import { clauseAround, idOf } from "./clauses";
import { present, setAddressee } from "./commands";
import * as messages from "./messages";

const OTHER = "…";

/** Height in pixels of the line below a demande that names its addressee (`--addressee` in the styles). */
const LINE = 32;

/**
 * The addressee of the demande with the cursor, chosen or typed on the line below it that names the addressee anyway: so
 * nothing moves when it appears. It is outside of the text, the next stop after it.
 */
export class AddresseeChoice {
  readonly element: HTMLElement;
  #choice = element("select", { id: "clause-addressee", class: "addressee-choice__list", change: () => this.#chosen() });
  #field = element("input", {
    type: "text",
    "aria-label": messages.addresseeHint,
    placeholder: messages.addresseeHint,
    maxlength: 200,
    autocomplete: "off",
    hidden: true,
    change: () => this.#write(this.#field.value),
  });
  #clause = "";

  /** `mayWrite`: whether the shared text may be changed now. */
  constructor(
    private readonly view: EditorView,
    private readonly mayWrite: () => boolean,
  ) {
    this.#choice.append(
      element("option", { value: "" }, messages.addresseeNone),
      ...messages.addressees.map((each) => element("option", { value: each, lang: "fr" }, each)),
      element("option", { value: OTHER }, messages.addresseeOther),
    );
    this.element = element(
      "div",
      { class: "addressee-choice", hidden: true, keydown: (event: KeyboardEvent) => this.#key(event) },
      element("label", { for: this.#choice.id }, "→", element("span", { class: "visually-hidden" }, ` ${messages.addressee}`)),
      this.#choice,
      this.#field,
    );
    new ResizeObserver(() => this.#place()).observe(view.dom);
  }

  update(): void {
    const now = present(this.view.state);
    const around = clauseAround(this.view.state.selection.$from);
    this.element.hidden = now?.kind !== "demande" || !around || !this.view.editable || !this.mayWrite();
    if (!now || !around || this.element.hidden) return;
    const id = idOf(around.node);
    const isBusy = this.element.contains(document.activeElement) && id === this.#clause;
    this.#clause = id;
    this.#place();
    if (isBusy) return;
    const isListed = now.addressee === "" || messages.addressees.includes(now.addressee);
    this.#choice.value = isListed ? now.addressee : OTHER;
    this.#field.hidden = isListed;
    this.#field.value = isListed ? "" : now.addressee;
  }

  #place(): void {
    const dom = this.view.dom.querySelector<HTMLElement>(`[data-clause="${CSS.escape(this.#clause)}"]`);
    if (!dom || this.element.hidden) return;
    const { paddingLeft, paddingBottom } = getComputedStyle(dom);
    const top = this.view.dom.offsetTop + dom.offsetTop + dom.offsetHeight - parseFloat(paddingBottom) - LINE;
    const left = this.view.dom.offsetLeft + dom.offsetLeft + parseFloat(paddingLeft);
    this.element.style.setProperty("--top", `${top}px`);
    this.element.style.setProperty("--left", `${left}px`);
    this.element.style.setProperty("--width", `${dom.offsetWidth - parseFloat(paddingLeft)}px`);
  }

  #chosen(): void {
    this.#field.hidden = this.#choice.value !== OTHER;
    if (this.#field.hidden) this.#write(this.#choice.value);
    else this.#field.focus();
  }

  #write(addressee: string): void {
    setAddressee(addressee)(this.view.state, this.view.dispatch);
  }

  #key(event: KeyboardEvent): void {
    if (event.key !== "Escape") return;
    event.preventDefault();
    this.view.focus();
  }
}

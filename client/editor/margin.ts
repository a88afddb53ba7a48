import { TextSelection, type EditorState, type Plugin } from "prosemirror-state";
import type { Decoration, EditorView } from "prosemirror-view";

import { announce } from "../shared/announce";
import { element } from "../shared/element";
import { takeFocus } from "../shared/focus";
import { isBeside, type Pane, type SidePanel } from "../shared/side";
import { placeOf, type Anchor } from "./anchors";
import { clauseName, clauseOf, numbered } from "./clauses";
import * as messages from "./messages";
import { overlay, type Overlay } from "./overlay";
import { marked, meet, struck } from "./remarked";
import type { Remarks, Thread } from "./remarks";
import { stacked } from "./stacking";
import { strokes, type Stroke } from "./suggested";

interface Card {
  element: HTMLElement;
  thread: Thread;
  /** The head of the card, which names the words and leads to them. */
  head: HTMLElement;
}

/** A comment being written, with its anchor. */
interface Draft {
  anchor: Anchor | null;
  element: HTMLElement;
}

/**
 * The margin with remarks: on a wide screen each card is at the height of its passage, on a narrow one they are in a
 * sheet. The words are highlighted in the text, and the highlights follow them.
 */
export class Margin implements Pane {
  readonly id = "remarks";
  readonly label = messages.remarks;
  readonly stays = true;
  readonly element: HTMLElement;
  #list = element("ol", { class: "margin__list" });
  #status = element("p", { class: "margin__status", role: "status" });
  #whole = element("div", { class: "margin__whole" });
  #settled = element("button", { type: "button", class: "link", click: () => this.#toggleSettled() });
  #cards = new Map<number, Card>();
  #draft: Draft | null = null;
  #active = 0;
  #isPressed = false;
  #here = 0;
  #showSettled = false;
  #marks: Overlay;
  #view: EditorView | null = null;
  #frame = 0;
  #resized = new ResizeObserver(() => this.update());
  #told: Map<number, number> | null = null;

  constructor(
    private readonly remarks: Remarks,
    private readonly me: string,
    private readonly side: SidePanel,
  ) {
    this.#marks = overlay("remarks", (state) => this.#decorate(state));
    this.element = element(
      "div",
      {
        class: "margin",
        submit: (event: SubmitEvent) => void this.#submit(event),
        pointerdown: (event: PointerEvent) => this.#press(cardAt(event)),
        focusin: (event: FocusEvent) => !this.#isPressed && this.#activate(cardAt(event)),
      },
      this.#status,
      this.#whole,
      this.#list,
      element("p", { class: "margin__foot" }, this.#settled),
    );
    remarks.watch(() => this.#take());
  }

  get plugin(): Plugin {
    return this.#marks.plugin;
  }

  attach(view: EditorView): void {
    this.#view = view;
    view.dom.addEventListener("click", (event) => this.#pressed(event));
    this.#resized.observe(view.dom);
    addEventListener("resize", () => this.update());
    this.#take();
  }

  get isSeen(): boolean {
    return this.side.shown === this.id;
  }

  opened(wished: boolean): void {
    if (wished) this.remarks.follow(); // readers by thousands ask for it
    this.#redraw();
  }

  closed(): void {
    this.#redraw();
  }

  /** Updates positions after the text, the cursor or the layout changed. */
  update(): void {
    this.#meet();
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => this.#lay());
  }

  /** Opens the margin at the remark at the cursor, else at the first. */
  visit(): void {
    this.side.open(this.id);
    const card = this.#cards.get(this.#active) ?? [...this.#cards.values()].find(({ element }) => !element.hidden);
    takeFocus(card?.element ?? this.side.element.querySelector<HTMLElement>("[role=tab][aria-selected=true]"));
  }

  /** Starts a comment on these words. */
  comment(anchor: Anchor | null): void {
    this.side.open(this.id);
    if (this.#draft) return void takeFocus(this.#draft.element.querySelector("textarea"));
    const words = element("textarea", { name: "text", rows: 3, required: true, "aria-label": messages.yourComment });
    const form = element(
      "form",
      { class: "margin__form" },
      anchor?.quote ? element("blockquote", { class: "quoted", lang: "fr" }, anchor.quote) : null,
      words,
      element(
        "p",
        { class: "row" },
        element("button", { class: "small" }, messages.publish),
        element("button", { type: "button", class: "second small", click: () => this.#drop() }, messages.cancel),
      ),
    );
    for (const [name, value] of Object.entries({ acte: "commenter", ...(anchor ?? { clause: "" }) }))
      form.append(element("input", { type: "hidden", name, value }));
    const card = element("li", { class: "margin__thread is-draft" }, form);
    this.#draft = { anchor, element: card };
    this.#resized.observe(card);
    this.#list.prepend(card);
    this.#redraw();
    takeFocus(words, { preventScroll: isBeside() });
  }

  // What the server says

  #take(): void {
    if (this.#isPressed) return; // taken once the press is over
    const { threads } = this.remarks;
    const open = threads.filter((each) => each.open).length;
    this.side.tell(this.id, open, messages.openRemarks(open));
    this.#whole.replaceChildren(...(this.remarks.whole?.children ?? []));
    const known = new Set(threads.map(({ number }) => number));
    for (const [number, card] of this.#cards) if (!known.has(number)) this.#forget(number, card);
    threads.forEach((thread) => this.#renew(thread));
    if (!this.side.shown && open && isBeside() && this.side.wished) this.side.open(this.id, false);
    this.#tellNews(threads);
    this.#redraw();
  }

  #forget(number: number, { element }: Card): void {
    element.remove();
    this.#cards.delete(number);
  }

  #renew(thread: Thread): void {
    const before = this.#cards.get(thread.number);
    if (before?.thread.look === thread.look) {
      before.thread = { ...thread, element: before.element };
      return;
    }
    const head = element("p", { class: "margin__about" });
    const card = thread.element;
    card.tabIndex = -1;
    card.prepend(head);
    const typing = before && keepTyping(before.element, card);
    this.#resized.observe(card);
    this.#cards.set(thread.number, { element: card, thread, head });
    if (before) before.element.replaceWith(card);
    else this.#list.append(card);
    typing?.focus({ preventScroll: true });
  }

  /** Announces others' new remarks to screen readers. */
  #tellNews(threads: readonly Thread[]): void {
    const now = new Map(threads.map((each) => [each.number, each.element.querySelectorAll(".remark-reply").length]));
    const before = this.#told;
    this.#told = now;
    if (!before) return;
    for (const thread of threads) {
      const seen = before.get(thread.number);
      if (seen === undefined && thread.who !== this.me) announce(messages.newRemark(thread.who, this.#aboutWhat(thread)));
      else if (seen !== undefined && seen < (now.get(thread.number) ?? 0)) announce(messages.newReply(thread.who));
    }
  }

  // What is marked in the text

  #decorate(state: EditorState): Decoration[] {
    if (!this.isSeen && !this.#draft) return [];
    const decorations: Decoration[] = [];
    const taken: Stroke[] = [];
    for (const { thread } of this.#cards.values()) {
      if (!thread.open) continue;
      const active = thread.number === this.#active;
      const place = placeOf(state, thread);
      if (place) decorations.push(marked(place, thread.number, active));
      const found = clauseOf(state.doc, thread.clause);
      const changes = found && thread.changes.length ? strokes(found.node, found.pos, thread.changes) : null;
      if (!changes || changes.some((one) => taken.some((other) => meet(one, other)))) continue;
      taken.push(...changes);
      decorations.push(...changes.map((each) => struck(each, thread, active)));
    }
    const draft = this.#draft?.anchor && placeOf(state, this.#draft.anchor);
    if (draft) decorations.push(marked(draft, 0, true));
    return decorations;
  }

  /** If the cursor is in words with a remark, activates its card and announces it. */
  #meet(): void {
    const view = this.#view;
    if (!view?.hasFocus() || !this.isSeen) return;
    const { node } = view.domAtPos(view.state.selection.head);
    const holder = node instanceof Element ? node : node.parentElement;
    const here = Number(holder?.closest<HTMLElement>("[data-remark]")?.dataset["remark"] ?? 0);
    if (here === this.#here) return;
    this.#here = here;
    const card = this.#cards.get(here);
    if (!card) return;
    announce(messages.remarkHere(card.thread.who));
    setTimeout(() => this.#activate(here));
  }

  #redraw(): void {
    if (this.#view) this.#marks.redraw(this.#view);
    this.update();
  }

  #pressed(event: MouseEvent): void {
    const marked = (event.target as Element).closest<HTMLElement>("[data-remark]");
    if (marked && this.isSeen) this.#activate(Number(marked.dataset["remark"]));
  }

  // Where the cards lie

  /** The position of a thread's words, or of its clause; null if both were deleted. */
  #positionOf({ doc }: EditorState, thread: Anchor & { changes?: Thread["changes"] }): number | null {
    const state = (this.#view as EditorView).state;
    const place = placeOf(state, thread);
    if (place) return place.from;
    const clause = clauseOf(doc, thread.clause);
    if (!clause) return thread.clause ? null : 0;
    const changes = thread.changes?.length ? strokes(clause.node, clause.pos, thread.changes) : null;
    const [first] = changes ?? [];
    return first ? ("at" in first ? first.at : first.from) : clause.pos + 1;
  }

  #lay(): void {
    const view = this.#view;
    if (!view || view.isDestroyed || !this.isSeen || this.#isPressed) return;
    const { state } = view;
    const cards = [...this.#cards.values()].map((card) => ({ ...card, pos: this.#positionOf(state, card.thread) }));
    cards.sort((a, b) => (a.pos ?? Infinity) - (b.pos ?? Infinity) || a.thread.number - b.thread.number);
    let settled = 0;
    for (const { element, thread, head, pos } of cards) {
      if (!thread.open) settled += 1;
      element.hidden = !thread.open && !this.#showSettled;
      element.classList.toggle("is-active", thread.number === this.#active);
      this.#say(head, thread, pos);
    }
    this.#settled.textContent = this.#showSettled ? messages.hideSettled : messages.showSettled(settled);
    this.#settled.hidden = settled === 0;
    this.#status.textContent = cards.some(({ element }) => !element.hidden) || this.#draft ? "" : messages.noRemarks;
    const drafted = this.#draft && { element: this.#draft.element, pos: this.#draftPosition(state) };
    const all = [...(drafted ? [drafted] : []), ...cards];
    all.sort((a, b) => (a.pos ?? Infinity) - (b.pos ?? Infinity));
    this.#order(all.map(({ element }) => element));
    this.#place(view, all.filter(({ element }) => !element.hidden));
  }

  #draftPosition(state: EditorState): number {
    return this.#draft?.anchor ? (this.#positionOf(state, this.#draft.anchor) ?? 0) : 0;
  }

  /** Puts the cards into the order of the text, for keyboard users; the focused one is not moved. */
  #order(wanted: HTMLElement[]): void {
    if (this.#list.contains(document.activeElement)) return;
    if (wanted.some((each, i) => this.#list.children[i] !== each)) this.#list.replaceChildren(...wanted);
  }

  /** Positions each card beside its words, or as close below as the cards above allow; the active one exactly there. */
  #place(view: EditorView, cards: { element: HTMLElement; pos: number | null }[]): void {
    if (!isBeside()) {
      this.#list.style.removeProperty("height");
      return cards.forEach(({ element }) => element.style.removeProperty("top"));
    }
    const origin = this.#list.getBoundingClientRect().top;
    const wanted = cards.map(({ pos }) => (pos === null ? Infinity : topOf(view, pos) - origin));
    const heights = cards.map(({ element }) => element.offsetHeight);
    const at = cards.findIndex(({ element }) => element.classList.contains("is-active"));
    const tops = stacked(wanted, heights, at);
    cards.forEach(({ element }, i) => element.style.setProperty("top", `${tops[i] ?? 0}px`));
    this.#list.style.setProperty("height", `${Math.max(0, ...tops.map((top, i) => top + (heights[i] ?? 0)))}px`);
  }

  #say(head: HTMLElement, thread: Thread, pos: number | null): void {
    const view = this.#view as EditorView;
    const place = placeOf(view.state, thread);
    const label = this.#aboutWhat(thread);
    const notes = [
      pos === null ? messages.passageGone : "",
      pos !== null && thread.quote && !place ? messages.wordsGone : "",
      place?.changed ? messages.wordsChanged : "",
    ].filter((note) => note);
    const look = [label, pos === null, ...notes].join("|");
    if (head.dataset["look"] === look) return;
    head.dataset["look"] = look;
    const go = (): void => this.#go(thread);
    head.replaceChildren(
      pos === null || !label
        ? element("span", {}, label)
        : element("button", { type: "button", class: "link", click: go }, label),
      ...notes.map((note) => element("span", { class: "margin__note" }, ` ${note}`)),
    );
  }

  #aboutWhat({ clause }: Anchor): string {
    const found = numbered((this.#view as EditorView).state.doc).find(({ node }) => node.attrs["id"] === clause);
    return found ? clauseName(found) : clause ? "" : messages.wholeText;
  }

  // What a person does

  #go(thread: Thread): void {
    const view = this.#view as EditorView;
    const place = placeOf(view.state, thread);
    const pos = this.#positionOf(view.state, thread) ?? 0;
    const { doc, tr } = view.state;
    if (!isBeside()) this.side.close();
    const selection = place
      ? TextSelection.create(doc, place.from, place.to)
      : TextSelection.near(doc.resolve(Math.min(pos + 1, doc.content.size)));
    view.dispatch(tr.setSelection(selection).scrollIntoView());
    view.focus();
    this.#activate(thread.number);
  }

  /** Keeps every card where it is until the press is over: a button that moves away under a pointer is not pressed. */
  #press(number: number | null): void {
    this.#isPressed = true;
    const over = new AbortController();
    const release = (): void => {
      over.abort();
      setTimeout(() => {
        this.#isPressed = false;
        this.#activate(number);
        this.#take();
      });
    };
    for (const end of ["pointerup", "pointercancel"]) window.addEventListener(end, release, { signal: over.signal });
  }

  #activate(number: number | null): void {
    if (number === null || number === this.#active) return;
    this.#active = number;
    this.#redraw();
  }

  #toggleSettled(): void {
    this.#showSettled = !this.#showSettled;
    this.update();
  }

  #drop(): void {
    this.#draft?.element.remove();
    this.#draft = null;
    this.#redraw();
    this.#view?.focus();
  }

  async #submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    if (form.dataset["sending"]) return;
    form.dataset["sending"] = "1";
    form.querySelector(".field-error")?.remove();
    const fields = Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value)]));
    const drafted = this.#draft?.element.contains(form) === true;
    try {
      await this.remarks.send(fields);
      if (drafted) this.#drop();
      else this.#take();
      announce(messages.remarkDone);
    } catch (error) {
      form.append(element("p", { class: "field-error", role: "alert" }, (error as Error).message));
      this.update();
    } finally {
      delete form.dataset["sending"];
    }
  }
}

/** The top of the words on the screen; for a hidden clause, that of the suggestion shown in its place. */
function topOf(view: EditorView, pos: number): number {
  const { top, bottom } = view.coordsAtPos(pos);
  return top || bottom ? top : (view.dom.querySelector(".proposal")?.getBoundingClientRect().top ?? 0);
}

function cardAt(event: Event): number | null {
  const card = (event.target as Element).closest<HTMLElement>("[data-remark]");
  return card ? Number(card.dataset["remark"]) : null;
}

/**
 * Keeps what is being typed in a card when it is rendered again, except what was just sent. Returns the field that had
 * the focus.
 */
function keepTyping(before: HTMLElement, after: HTMLElement): HTMLElement | undefined {
  let typing: HTMLElement | undefined;
  const fields = [...after.querySelectorAll("textarea")];
  before.querySelectorAll("textarea").forEach((field) => {
    const own = fields.find(({ id }) => id === field.id);
    if (!own || !field.value || field.form?.dataset["sending"]) return;
    own.value = field.value;
    own.closest("details")?.setAttribute("open", "");
    if (document.activeElement !== field) return;
    own.setSelectionRange(field.selectionStart, field.selectionEnd);
    typing = own;
  });
  return typing;
}

import type { Command } from "prosemirror-state";
import type { EditorView } from "prosemirror-view";

import { announce } from "../shared/announce";
import { copyWords } from "../shared/clipboard";
import { element } from "../shared/element";
import { takeFocus } from "../shared/focus";
import { icon, type Icon } from "../shared/icons";
import { clauseAround, clauseName, clauseOf, idOf, numbered } from "./clauses";
import { addClauseAfter, deleteClause, moveClause, moveClauseBefore, selectClause } from "./commands";
import * as messages from "./messages";
import { schema } from "./schema";

/** Pixels that a pointer must move before a press becomes a drag. */
const TREMBLE = 5;
/** Distance in pixels from an edge of the window within which a drag scrolls, and how far per frame. */
const EDGE = 70;
const SCROLL = 12;
/** Height in pixels of the toolbar that stays at the top of the window. */
const TOOLS = 90;

/** Where a dragged clause would be dropped: before the clause of that id, or at the end (null). */
export type Landing = string | null;

/** The clause before which height `y` lies: the first whose middle is below it. */
export function landing(clauses: { id: string; top: number; bottom: number }[], y: number): Landing {
  return clauses.find(({ top, bottom }) => y < (top + bottom) / 2)?.id ?? null;
}

/**
 * A handle beside the clause at the pointer or cursor: dragging it moves the clause, pressing it opens a menu. It is
 * outside of the text, so that keyboards and screen readers do not meet it there; they have Alt+↑ and Alt+↓.
 */
export class ClauseHandle {
  readonly element: HTMLElement;
  #button: HTMLButtonElement;
  #menu: HTMLElement;
  #line = element("div", { class: "drop-line", hidden: true });
  #clause = "";
  #drag: { y: number; moved: boolean; landing: Landing } | null = null;
  #frame = 0;

  constructor(
    private readonly view: EditorView,
    private readonly address: (id: string) => string,
  ) {
    this.#button = element(
      "button",
      {
        type: "button",
        class: "clause-handle",
        "aria-haspopup": "menu",
        "aria-expanded": "false",
        title: messages.handle,
        hidden: true,
        pointerdown: (event: PointerEvent) => this.#press(event),
        pointermove: (event: PointerEvent) => this.#move(event),
        pointerup: (event: PointerEvent) => this.#release(event),
        pointercancel: () => this.#stop(),
        keydown: (event: KeyboardEvent) => this.#key(event),
        click: (event: MouseEvent) => {
          if (event.detail === 0) this.#toggle();
        },
      },
      icon("grip"),
    );
    this.#menu = element("div", {
      class: "clause-menu",
      role: "menu",
      "aria-label": messages.handle,
      hidden: true,
      keydown: (event: KeyboardEvent) => this.#menuKey(event),
    });
    this.element = element("div", { class: "clause-handle-holder" }, this.#button, this.#menu, this.#line);
    view.dom.addEventListener("pointermove", (event) => {
      if (event.pointerType === "mouse" && !this.#drag && this.#menu.hidden) this.#follow(event.target as Element);
    });
    document.addEventListener("pointerdown", (event) => {
      if (!this.element.contains(event.target as Element)) this.#close();
    });
  }

  /** The text or the cursor changed. */
  update(): void {
    if (this.#drag || !this.#menu.hidden) return this.#place();
    const around = clauseAround(this.view.state.selection.$from);
    if (around) this.#clause = idOf(around.node);
    this.#place();
  }

  #follow(target: Element): void {
    const id = target.closest<HTMLElement>("[data-clause]")?.dataset["clause"];
    if (!id || id === this.#clause) return;
    this.#clause = id;
    this.#place();
  }

  #place(): void {
    const found = clauseOf(this.view.state.doc, this.#clause);
    const dom = found && this.view.nodeDOM(found.pos);
    this.#button.hidden = !(dom instanceof HTMLElement) || !this.view.editable;
    if (!(dom instanceof HTMLElement) || !found) return;
    const name = numbered(this.view.state.doc).find(({ pos }) => pos === found.pos);
    this.#button.setAttribute("aria-label", name ? `${clauseName(name)} : ${messages.handle}` : messages.handle);
    this.element.style.setProperty("--top", `${this.view.dom.offsetTop + dom.offsetTop}px`);
  }

  // Dragging

  #press(event: PointerEvent): void {
    if (event.button !== 0) return;
    event.preventDefault();
    this.#button.setPointerCapture(event.pointerId);
    this.#drag = { y: event.clientY, moved: false, landing: null };
  }

  #move(event: PointerEvent): void {
    const drag = this.#drag;
    if (!drag || (!drag.moved && Math.abs(event.clientY - drag.y) < TREMBLE)) return;
    if (!drag.moved) {
      this.#close();
      this.#dom()?.classList.add("is-dragged");
    }
    drag.moved = true;
    drag.y = event.clientY;
    this.#show();
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => this.#scroll());
  }

  #show(): void {
    const drag = this.#drag;
    if (!drag) return;
    const clauses = [...this.view.dom.querySelectorAll<HTMLElement>("[data-clause]")];
    const boxes = clauses.map((dom) => ({ dom, id: dom.dataset["clause"] ?? "", ...edges(dom) }));
    drag.landing = landing(boxes, drag.y);
    const before = boxes.find(({ id }) => id === drag.landing);
    const y = before ? before.top : (boxes.at(-1)?.bottom ?? 0);
    this.#line.hidden = false;
    this.#line.style.setProperty("--top", `${y - this.#origin()}px`);
  }

  #scroll(): void {
    const drag = this.#drag;
    if (!drag?.moved) return;
    const step = drag.y < EDGE + TOOLS ? -SCROLL : drag.y > innerHeight - EDGE ? SCROLL : 0;
    if (!step) return;
    scrollBy(0, step);
    this.#show();
    this.#frame = requestAnimationFrame(() => this.#scroll());
  }

  #release(event: PointerEvent): void {
    const drag = this.#drag;
    if (!drag) return;
    const id = this.#clause;
    this.#stop();
    if (!drag.moved) return this.#toggle();
    event.preventDefault();
    if (this.#run(moveClauseBefore(id, drag.landing))) this.#tell();
  }

  #stop(): void {
    cancelAnimationFrame(this.#frame);
    this.#drag = null;
    this.#line.hidden = true;
    this.view.dom.querySelector(".is-dragged")?.classList.remove("is-dragged");
    this.#place();
  }

  #key(event: KeyboardEvent): void {
    if (event.key === "Escape" && this.#drag) return this.#stop();
    if (!event.altKey || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
    event.preventDefault();
    this.#moveBy(event.key === "ArrowUp" ? -1 : 1);
    this.#button.focus();
  }

  #moveBy(direction: -1 | 1): void {
    this.#select();
    if (this.#run(moveClause(direction))) this.#tell();
  }

  // The menu

  #toggle(): void {
    if (!this.#menu.hidden) return this.#close();
    this.#menu.replaceChildren(
      this.#item("link", messages.copyLink, () => void this.#copyLink()),
      this.#item("add", messages.addAfter, () => this.#onClause(addClauseAfter)),
      this.#item("up", messages.up, () => this.#moveBy(-1)),
      this.#item("down", messages.down, () => this.#moveBy(1)),
      this.#item("remove", messages.remove, () => {
        this.#onClause(deleteClause);
        announce(messages.removed);
      }),
    );
    this.#menu.hidden = false;
    this.#button.setAttribute("aria-expanded", "true");
    takeFocus(this.#menu.firstElementChild as HTMLElement);
  }

  #item(picture: Icon, words: string, act: () => void): HTMLElement {
    const run = (): void => {
      this.#close();
      act();
    };
    return element("button", { type: "button", role: "menuitem", tabindex: -1, click: run }, icon(picture), words);
  }

  #menuKey(event: KeyboardEvent): void {
    if (event.key === "Escape" || event.key === "Tab") {
      this.#close();
      this.#button.focus();
      return;
    }
    const items = [...this.#menu.children] as HTMLElement[];
    const at = items.indexOf(document.activeElement as HTMLElement);
    const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    items[(next + items.length) % items.length]?.focus();
  }

  #close(): void {
    this.#menu.hidden = true;
    this.#button.setAttribute("aria-expanded", "false");
  }

  async #copyLink(): Promise<void> {
    await copyWords(this.address(this.#clause));
    announce(messages.linkCopied, true);
    this.view.focus();
  }

  // Doing

  #onClause(command: Command): void {
    this.#select();
    this.#run(command);
  }

  #select(): void {
    selectClause(this.#clause)(this.view.state, this.view.dispatch);
  }

  #run(command: Command): boolean {
    const done = command(this.view.state, this.view.dispatch, this.view);
    this.view.focus();
    return done;
  }

  #tell(): void {
    const moved = numbered(this.view.state.doc).find(({ node }) => idOf(node) === this.#clause);
    if (moved) announce(messages.movedTo(clauseName(moved), moved.index, clauseCount(this.view)));
  }

  #dom(): HTMLElement | null {
    return this.view.dom.querySelector(`[data-clause="${CSS.escape(this.#clause)}"]`);
  }

  /** The top of the container on the screen, in pixels. */
  #origin(): number {
    return this.element.getBoundingClientRect().top;
  }
}

function edges(dom: HTMLElement): { top: number; bottom: number } {
  const { top, bottom } = dom.getBoundingClientRect();
  return { top, bottom };
}

const clauseCount = (view: EditorView): number =>
  view.state.doc.children.filter((node) => node.type === schema.nodes.clause).length;

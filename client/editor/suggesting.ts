import { Plugin, PluginKey, Selection, TextSelection, type EditorState, type Transaction } from "prosemirror-state";
import type { Node } from "prosemirror-model";
import { ReplaceStep } from "prosemirror-transform";
import { Decoration, DecorationSet, type EditorView } from "prosemirror-view";
import { ySyncPluginKey } from "y-prosemirror";

import { contentOf } from "../amend/documents";
import { changesIn, mountAmendment } from "../amend/surface";
import { announce } from "../shared/announce";
import { element } from "../shared/element";
import { clauseAround, clauseName, clauseOf, idOf, kindOf, numbered } from "./clauses";
import * as messages from "./messages";
import type { Remarks } from "./remarks";
import { schema } from "./schema";

const key = new PluginKey<string>("suggesting");

/** A suggestion being written, shown in place of its clause. */
interface Proposal {
  clause: string;
  before: Node;
  view: EditorView;
  element: HTMLElement;
}

/**
 * Suggestion mode: edits in a clause are made in a copy of it, which is shown in its place with the differences, and
 * sent as a suggestion. The shared text is not changed.
 */
export class Suggesting {
  readonly notice = element("p", { class: "suggesting", hidden: true }, messages.suggesting);
  on = false;
  #proposal: Proposal | null = null;
  #view: EditorView | null = null;

  constructor(
    private readonly remarks: Remarks,
    private readonly sent: () => void,
  ) {}

  readonly plugin = new Plugin<string>({
    key,
    state: {
      init: () => "",
      apply: (tr, old) => (tr.getMeta(key) as string | undefined) ?? old,
    },
    filterTransaction: (tr, state) => !this.#isEdit(tr) || (this.#instead(tr, state), false),
    props: {
      decorations: (state) => this.#decorate(state),
      handleDOMEvents: { keydown: (_view, event) => this.#isUndo(event) && (event.preventDefault(), true) },
    },
    view: () => ({ update: () => this.#keepFocus() }),
  });

  attach(view: EditorView): void {
    this.#view = view;
  }

  /** Starts a suggestion in the clause of the cursor, or returns to writing. */
  toggle(): void {
    const view = this.#view;
    if (!view || (this.on && !this.#dropped())) return;
    this.on = !this.on;
    this.notice.hidden = !this.on;
    view.dom.classList.toggle("draft--suggesting", this.on);
    announce(this.on ? messages.suggesting : messages.suggestingOff);
    const around = this.on ? clauseAround(view.state.selection.$from) : null;
    if (around) this.#open(around.node, around.node, view.state.selection);
    else view.focus();
    view.dispatch(view.state.tr);
  }

  // What the person does in the text

  #isEdit(tr: Transaction): boolean {
    const own = !tr.getMeta(ySyncPluginKey) && !tr.getMeta("appendedTransaction");
    return this.on && own && tr.docChanged && tr.getMeta("addToHistory") !== false;
  }

  /** Undo of the shared text is disabled in this mode; the copy has an undo history of its own. */
  #isUndo(event: KeyboardEvent): boolean {
    return this.on && (event.ctrlKey || event.metaKey) && ["z", "y"].includes(event.key.toLowerCase());
  }

  /** Applies the edit to a copy of its clause. */
  #instead(tr: Transaction, state: EditorState): void {
    const before = clauseAround(state.selection.$from);
    const now = before && clauseOf(tr.doc, idOf(before.node));
    const elsewhere =
      !now ||
      tr.doc.childCount !== state.doc.childCount ||
      state.doc.children.some((node, i) => node !== before.node && !node.eq(tr.doc.child(i)));
    const { selection } = tr;
    queueMicrotask(() => {
      if (elsewhere) announce(messages.onePassage, true);
      else if (this.#proposal?.clause === idOf(before.node)) this.#goOn(typedIn(tr));
      else this.#open(before.node, now.node, selection);
    });
  }

  /** Letters typed before the copy has the focus are inserted into it after the first one. */
  #goOn(words: string): void {
    const view = this.#proposal?.view;
    if (words) view?.dispatch(view.state.tr.insertText(words));
    view?.focus();
  }

  #open(before: Node, now: Node, selection: Selection): void {
    const view = this.#view as EditorView;
    if (this.#proposal) {
      if (this.#proposal.clause === idOf(before)) return this.#proposal.view.focus();
      if (this.#isWritten) {
        announce(messages.finishFirst, true);
        return this.#proposal.view.focus();
      }
      this.#close();
    }
    const named = numbered(view.state.doc).find(({ node }) => idOf(node) === idOf(before));
    const proposal = this.#build(idOf(before), before, now, named ? clauseName(named) : "");
    this.#proposal = proposal;
    view.dispatch(view.state.tr.setMeta(key, proposal.clause));
    const start = clauseOf(view.state.doc, proposal.clause)?.pos ?? 0;
    place(proposal.view, selection.anchor - start, selection.head - start);
    proposal.view.focus();
  }

  #build(clause: string, before: Node, now: Node, label: string): Proposal {
    const place = element("div", {});
    const problem = element("p", { class: "field-error", role: "alert", hidden: true });
    const why = element("input", { type: "text", class: "proposal__why", "aria-label": messages.suggestionWhy });
    why.placeholder = messages.suggestionWhy;
    const send = element(
      "button",
      { type: "button", class: "small", click: () => void this.#send(problem, why.value) },
      messages.sendSuggestion,
    );
    const drop = (): void => {
      if (this.#dropped()) this.#view?.focus();
    };
    const quit = element("button", { type: "button", class: "second small", click: drop }, messages.dropSuggestion);
    const holder = element(
      "div",
      {
        class: "proposal",
        contenteditable: "false",
        role: "group",
        "aria-label": messages.suggestionOf(label),
      },
      place,
      element(
        "p",
        { class: "editor__help", id: "amend-help" },
        `${messages.suggestionHelp} `,
        element("span", { class: "keys" }, messages.suggestionKeys),
      ),
      why,
      element("p", { class: "row" }, send, quit),
      problem,
    );
    // Handled before the editor, for which Ctrl+Enter is a new paragraph.
    holder.addEventListener("keydown", (event) => this.#key(event, drop, () => void this.#send(problem, why.value)), true);
    const changed = (view: EditorView): void => {
      send.disabled = changesIn(view.state).length === 0;
    };
    const view = mountAmendment({
      place,
      before: alone(before),
      now: alone(now),
      label: messages.suggestionOf(label),
      changed,
      openCitations: () => undefined,
    });
    changed(view);
    return { clause, before, view, element: holder };
  }

  #key(event: KeyboardEvent, drop: () => void, send: () => void): void {
    const sends = event.key === "Enter" && (event.ctrlKey || event.metaKey);
    if (!sends && event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    (sends ? send : drop)();
  }

  get #isWritten(): boolean {
    return this.#proposal !== null && changesIn(this.#proposal.view.state).length > 0;
  }

  /** Whether no suggestion is left; the person is asked before one is dropped. */
  #dropped(): boolean {
    if (this.#isWritten && !confirm(messages.dropSure)) return false;
    this.#close();
    return true;
  }

  #close(): void {
    const view = this.#view as EditorView;
    const proposal = this.#proposal;
    this.#proposal = null;
    view.dispatch(view.state.tr.setMeta(key, ""));
    proposal?.view.destroy();
  }

  async #send(problem: HTMLElement, why: string): Promise<void> {
    const proposal = this.#proposal;
    if (!proposal || !this.#isWritten || proposal.element.ariaBusy === "true") return;
    problem.hidden = true;
    proposal.element.ariaBusy = "true";
    try {
      await this.remarks.send({
        acte: "suggerer",
        clause: proposal.clause,
        vu: contentOf(alone(proposal.before)),
        contenu: contentOf(proposal.view.state.doc),
        text: why,
      });
      if (this.#proposal === proposal) this.#close();
      announce(messages.suggestionSent, true);
      this.#view?.focus();
      this.sent();
    } catch (error) {
      problem.textContent = (error as Error).message;
      problem.hidden = false;
    } finally {
      proposal.element.ariaBusy = "false";
    }
  }

  // In the page

  #decorate(state: EditorState): DecorationSet | null {
    const proposal = this.#proposal;
    if (!proposal || key.getState(state) !== proposal.clause) return null;
    const found = clauseOf(state.doc, proposal.clause);
    const at = found ? found.pos + found.node.nodeSize : state.doc.content.size;
    const widget = Decoration.widget(at, () => proposal.element, {
      side: -1,
      key: `proposal ${proposal.clause}`,
      stopEvent: () => true,
      ignoreSelection: true,
    });
    if (!found) return DecorationSet.create(state.doc, [widget]);
    const hide = Decoration.node(found.pos, at, { class: "is-suggested-on" });
    return DecorationSet.create(state.doc, [hide, widget]);
  }

  /** Remote edits may detach the copy from the page and reattach it. */
  #keepFocus(): void {
    const proposal = this.#proposal;
    if (!proposal || document.activeElement !== document.body || !proposal.element.isConnected) return;
    proposal.view.focus();
  }
}

/** The text that a transaction inserts. */
const typedIn = (tr: Transaction): string =>
  tr.steps
    .map((step) => (step instanceof ReplaceStep ? step.slice.content.textBetween(0, step.slice.content.size, "\n") : ""))
    .join("");

/** A clause as a document, without its id, which the page has already. */
const alone = (clause: Node): Node =>
  schema.node("doc", null, [schema.node("clause", { id: null, kind: kindOf(clause) }, clause.content)]);

/** Selects the same range in the copy; `anchor` and `head` count from its beginning. */
function place(view: EditorView, anchor: number, head: number): void {
  const { doc, tr } = view.state;
  const within = (pos: number): boolean => pos >= 0 && pos <= doc.content.size && doc.resolve(pos).parent.inlineContent;
  const selection =
    within(anchor) && within(head) ? TextSelection.create(doc, anchor, head) : Selection.atEnd(doc);
  view.dispatch(tr.setSelection(selection));
}

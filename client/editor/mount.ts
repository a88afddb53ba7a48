import { EditorState, Plugin, TextSelection, type Command, type Transaction } from "prosemirror-state";
import { EditorView } from "prosemirror-view";
import {
  initProseMirrorDoc,
  yCursorPlugin,
  yCursorPluginKey,
  ySyncPlugin,
  ySyncPluginKey,
  yUndoPlugin,
  type ProsemirrorBinding,
} from "y-prosemirror";
import * as Y from "yjs";

import { element } from "../shared/element";
import { colourOf, initials, type Author } from "../shared/presence";
import type { Session } from "../shared/sync";
import type { Testimonies } from "../shared/testimonies";
import { bindByClause } from "./alignment";
import { boundCursors } from "./caret";
import { clauseAround, idOf } from "./clauses";
import { clauseDecorations } from "./decorations";
import { dropping } from "./dropping";
import { warnings } from "./warnings";
import { keyPlugins, type Openings } from "./keys";
import * as messages from "./messages";
import { pasting } from "./paste";
import { recordableInput } from "./recordable";
import { repairPlugin } from "./repair";
import { losses, RecentWords, rescue, wordsOf } from "./rescue";
import { schema } from "./schema";

const PROTECTED = new Set(["title", "clause", "paragraph", "bullet_list", "ordered_list", "list_item"]);

/** Whether the window is too low for a fixed toolbar: a phone in landscape with its keyboard, or a page at 400 %. */
const isLow = (): boolean => globalThis.matchMedia?.("(max-height: 22rem)").matches ?? false;

/**
 * Pixels around the cursor that fixed parts of the page may cover: status and toolbar at the top, on a phone the
 * toolbar at the bottom.
 */
const AROUND = {
  get top(): number {
    return isLow() ? 24 : 120;
  },
  get bottom(): number {
    return isLow() ? 8 : 100;
  },
  left: 5,
  right: 5,
};

export interface Surface {
  session: Session;
  testimonies: Testimonies;
  place: HTMLElement;
  changed: (view: EditorView) => void;
  openings: Openings;
  /** Further plugins, for writers or for everybody. */
  plugins: Plugin[];
  /** Called with words of this person whose paragraph was deleted while they typed. */
  lost: (words: string) => void;
}

/** Mounts the text of a motion, bound to the shared document. */
export function mountText({ session, testimonies, place, changed, openings, plugins, lost }: Surface): EditorView {
  const fragment = session.doc.getXmlFragment("prosemirror");
  const { doc, mapping } = initProseMirrorDoc(fragment, schema);
  const state = EditorState.create({
    doc,
    plugins: [
      ySyncPlugin(fragment, { mapping }),
      yCursorPlugin(boundCursors(session.awareness), { cursorBuilder: caret, selectionBuilder: highlight }),
      yUndoPlugin({ protectedNodes: PROTECTED }),
      ...(session.writing ? writingPlugins(session, openings) : []),
      ...plugins,
      clauseDecorations(testimonies, session.writing),
      warnings(session.writing),
      new Plugin({
        view: () => ({ update: changed }),
        // A key acts at the cursor's true position, even if the browser has not reported its move yet.
        props: { handleDOMEvents: { keydown: (pressed) => (settle(pressed), false) } },
      }),
    ],
  });
  const view: EditorView = new EditorView(place, {
    state,
    scrollThreshold: AROUND,
    scrollMargin: AROUND,
    editable: () => session.writing && session.refusal === null,
    dispatchTransaction: (tr) => view.updateState(view.state.apply(onPresence(view, tr))),
    attributes: {
      ...(session.writing ? textbox : { role: "document" }),
      "aria-label": messages.label,
      class: "draft",
      lang: "fr",
    },
  });
  watchForLosses(view, session, lost);
  session.beforeNews(() => settle(view));
  const { binding } = ySyncPluginKey.getState(view.state) as { binding: ProsemirrorBinding };
  bindByClause(binding, () => visited(view, session));
  return view;
}

/**
 * Reads pending changes from the browser. Otherwise a remote edit applied between a click and its event would put the
 * cursor back.
 */
function settle(view: EditorView): void {
  if (!view.isDestroyed && view.hasFocus())
    (view as unknown as { domObserver: { flush: () => void } }).domObserver.flush();
}

/** Applies a change of other people's cursors to the current state, so that it does not move one's own. */
function onPresence(view: EditorView, tr: Transaction): Transaction {
  const news: unknown = tr.getMeta(yCursorPluginKey);
  if (!news || tr.docChanged) return tr;
  settle(view);
  return view.state.tr.setMeta(yCursorPluginKey, news);
}

/** Checks after each remote edit whether it removed words that its author cannot have seen. */
function watchForLosses(view: EditorView, session: Session, lost: (words: string) => void): void {
  if (!session.writing) return;
  const recent = new RecentWords(session.doc);
  session.watch(() => {
    if (session.saving === "stored") recent.confirmed();
  });
  session.doc.on("afterTransaction", (transaction: Y.Transaction) => {
    if (transaction.origin !== session.provider) return;
    const found = losses(transaction, recent.since);
    if (!found.length) return;
    setTimeout(() => {
      if (!view.isDestroyed) rescue(view, found).forEach((loss) => lost(wordsOf(loss)));
    });
  });
}

const textbox = { role: "textbox", "aria-multiline": "true", spellcheck: "true", "aria-describedby": "draft-help" };

function writingPlugins(session: Session, openings: Openings): Plugin[] {
  const repair = repairPlugin(
    () => session.synced && isFirst(session),
    (check) => session.provider.on("sync", check),
  );
  return [...keyPlugins(openings), pasting(), dropping(), recordableInput(), repair];
}

/** Only one of the writers restores a missing title or clause. */
function isFirst(session: Session): boolean {
  const writers = [...session.awareness.getStates()].filter(([, each]) => (each["user"] as Author | undefined)?.person);
  return Math.min(...writers.map(([client]) => client)) === session.doc.clientID;
}

/** Clauses with somebody else's cursor: they are not moved when others move around them. */
function visited(view: EditorView, session: Session): ReadonlySet<string> {
  const found = new Set<string>();
  for (const [client, cursor] of cursors(view, session)) {
    if (client === session.doc.clientID) continue;
    const around = clauseAround(view.state.doc.resolve(Math.min(cursor, view.state.doc.content.size)));
    if (around) found.add(idOf(around.node));
  }
  return found;
}

function* cursors(view: EditorView, session: Session): Generator<[number, number]> {
  for (const client of session.awareness.getStates().keys()) {
    const caretElement = view.dom.querySelector(`[data-client="${client}"]`);
    if (caretElement) yield [client, view.posAtDOM(caretElement, 0)];
  }
}

function caret(author: Partial<Author>, client: number): HTMLElement {
  const caret = element("span", { class: "caret", "data-client": client });
  caret.style.setProperty("--author", colourOf(author.person ?? ""));
  caret.append("\u2060", element("span", { class: "caret__name" }, initials(author.name ?? "")), "\u2060");
  return caret;
}

const highlight = (author: Partial<Author>): { class: string; style: string } => ({
  class: "caret-selection",
  style: `--author: ${colourOf(author.person ?? "")}`,
});

/** Whether this page's schema knows every element of the document; the binding would delete the others. */
export const isFamiliar = (fragment: Y.XmlFragment): boolean =>
  fragment.toArray().every((child) => child instanceof Y.XmlElement && isFamiliarElement(child));

const isFamiliarElement = (one: Y.XmlElement): boolean =>
  one.nodeName in schema.nodes &&
  one
    .toArray()
    .every((child) => child instanceof Y.XmlText || (child instanceof Y.XmlElement && isFamiliarElement(child)));

/** Runs a command and returns the focus to the text. */
export function perform(view: EditorView, command: Command): boolean {
  const done = command(view.state, view.dispatch, view);
  view.focus();
  return done;
}

/** Moves the cursor to the clause that the page's address names, if any. */
export function followAddress(view: EditorView): void {
  const id = location.hash.replace("#clause-", "");
  view.state.doc.forEach((node, pos) => {
    if (!id || idOf(node) !== id) return;
    view.dispatch(view.state.tr.setSelection(TextSelection.near(view.state.doc.resolve(pos + 1))).scrollIntoView());
  });
}

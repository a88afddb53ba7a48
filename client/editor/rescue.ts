import type { Node } from "prosemirror-model";
import type { EditorView } from "prosemirror-view";
import * as Y from "yjs";

import { idOf } from "./clauses";

/**
 * Words of this person that were deleted with their paragraph.
 *
 * Yjs cannot move an element: splitting, joining or moving a clause deletes paragraphs and inserts copies of them. What
 * was typed into one of them meanwhile is not in the copy, and is deleted with the original. Such words are found here,
 * and put into the copy at their place.
 */
export interface Loss {
  clause: string;
  /** The paragraph as it was here before its deletion: others' runs, and single letters of our own with their clock. */
  pieces: { text: string; clock: number | null }[];
}

/** Words of our client since `clock` that a remote transaction deleted together with their paragraph. */
export function losses(transaction: Y.Transaction, clock: number): Loss[] {
  const { clientID: own, store } = transaction.doc;
  const texts = new Set<Y.XmlText>();
  for (const range of transaction.deleteSet.clients.get(own) ?? []) {
    for (let at = Math.max(range.clock, clock); at < range.clock + range.len;) {
      const item = Y.getItem(store, Y.createID(own, at));
      if (item instanceof Y.Item && item.parent instanceof Y.XmlText && item.parent._item?.deleted)
        texts.add(item.parent);
      at = item.id.clock + item.length;
    }
  }
  return [...texts].map((text) => ({ clause: clauseOf(text), pieces: [...piecesOf(text, transaction, clock)] }));
}

function* piecesOf(
  text: Y.XmlText,
  { beforeState, deleteSet, doc }: Y.Transaction,
  since: number,
): Generator<Loss["pieces"][number]> {
  for (let item = text._start; item; item = item.right) {
    const there =
      item.id.clock < (beforeState.get(item.id.client) ?? 0) && (!item.deleted || Y.isDeleted(deleteSet, item.id));
    if (!there || !(item.content instanceof Y.ContentString)) continue;
    const { client, clock } = item.id;
    const { str } = item.content;
    const recent = client === doc.clientID && clock + item.length > since;
    if (!recent) yield { text: str, clock: null };
    else
      for (let i = 0; i < str.length; i += 1)
        yield { text: str[i] ?? "", clock: clock + i >= since ? clock + i : null };
  }
}

/** The id of the clause that a text is or was in; readable until Yjs collects its remains. */
function clauseOf(text: Y.XmlText): string {
  let parent = text.parent as Y.XmlElement | Y.XmlFragment | null;
  while (parent instanceof Y.XmlElement && parent.nodeName !== "clause") parent = parent.parent as Y.XmlElement | null;
  const id: unknown = parent instanceof Y.XmlElement ? parent._map.get("id")?.content.getContent()[0] : "";
  return typeof id === "string" ? id : "";
}

export interface Home {
  insertions: { pos: number; words: string }[];
}

/**
 * Number of equal letters that identify a copy: one within the same clause, elsewhere enough to exclude coincidence.
 */
const SURE = 4;

/**
 * Where lost words belong now. The copy contains what its author had received: everything, or all but our last letters;
 * it is the longest such text found anywhere. Null if there is no copy, which means that the paragraph was deleted on
 * purpose.
 */
export function findHome(doc: Node, loss: Loss): Home | null {
  const clocks = loss.pieces.flatMap(({ clock }) => (clock === null ? [] : [clock])).sort((a, b) => b - a);
  for (let unseen = 0; unseen <= clocks.length; unseen += 1) {
    const lost = new Set(clocks.slice(0, unseen));
    const seen = loss.pieces.filter(({ clock }) => clock === null || !lost.has(clock));
    const at = place(doc, seen.map(({ text }) => text).join(""), loss.clause);
    if (at !== null) return { insertions: insertions(loss, lost, at) };
  }
  return null;
}

/** The position of the first letter of `words` in the document, in the clause of that id if it is there. */
function place(doc: Node, words: string, clause: string): number | null {
  if (!words) return null;
  let found: number | null = null;
  const look = (inside: boolean): void => {
    doc.forEach((top, start) => {
      if ((idOf(top) === clause) !== inside) return;
      top.descendants((node, pos) => {
        if (found !== null || !node.isTextblock) return found === null;
        const at = node.textBetween(0, node.content.size, undefined, "\ufffc").indexOf(words);
        if (at >= 0) found = start + 1 + pos + 1 + at;
        return false;
      });
    });
  };
  look(true);
  if (found === null && words.trim().length >= SURE) look(false);
  return found;
}

function insertions({ pieces }: Loss, lost: ReadonlySet<number>, start: number): Home["insertions"] {
  const insertions: Home["insertions"] = [];
  let pos = start;
  for (const { text, clock } of pieces) {
    if (clock === null || !lost.has(clock)) pos += text.length;
    else if (insertions.at(-1)?.pos === pos) (insertions.at(-1) as { words: string }).words += text;
    else insertions.push({ pos, words: text });
  }
  return insertions;
}

/** Our letters in a loss, in order: shown if they have no place any more. */
export const wordsOf = (loss: Loss): string =>
  loss.pieces.map(({ text, clock }) => (clock === null ? "" : text)).join("");

/** Reinserts lost words where they belong; returns those that have no place any more. */
export function rescue(view: EditorView, found: Loss[]): Loss[] {
  return found.filter((loss) => {
    const home = findHome(view.state.doc, loss);
    if (!home) return wordsOf(loss).trim() !== "";
    const tr = view.state.tr;
    for (const { pos, words } of home.insertions.reverse()) tr.insertText(words, pos);
    if (tr.docChanged) view.dispatch(tr.setMeta("addToHistory", false));
    return false;
  });
}

const RECENT = 60_000;

/**
 * Tracks the clock since which others may not have our words: the last minute, and whatever the server has not
 * confirmed.
 */
export class RecentWords {
  #marks: { time: number; clock: number }[] = [{ time: 0, clock: 0 }];
  #confirmed = 0;

  constructor(
    private readonly doc: Y.Doc,
    private readonly now: () => number = Date.now,
  ) {}

  /** The server has stored everything up to here. */
  confirmed(): void {
    this.#confirmed = this.#clock;
    const time = this.now();
    if (time - (this.#marks.at(-1)?.time ?? 0) > 5000) this.#marks.push({ time, clock: this.#clock });
    while ((this.#marks[1]?.time ?? time) < time - RECENT) this.#marks.shift();
  }

  get since(): number {
    return Math.min(this.#marks[0]?.clock ?? 0, this.#confirmed);
  }

  get #clock(): number {
    return Y.getState(this.doc.store, this.doc.clientID);
  }
}

import { digest } from "lib0/hash/sha256";
import type { Node } from "prosemirror-model";
import { Plugin, type EditorState, type Transaction } from "prosemirror-state";
import type { EditorView } from "prosemirror-view";
import { ySyncPluginKey } from "y-prosemirror";

import { randomId } from "../shared/identifiers";
import { idOf } from "./clauses";
import { clause, schema } from "./schema";

const ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789";

/**
 * The id of a later clause that carries an id already taken: every replica and the server derive the same one.
 *
 * The first ten bytes of SHA-256 of "id:ordinal", each taken modulo 36 into a–z, 0–9. `ordinal` counts the earlier clauses
 * that carry the same id.
 */
export function derivedId(id: string, ordinal: number): string {
  const bytes = digest(new TextEncoder().encode(`${id}:${ordinal}`));
  return Array.from(bytes.subarray(0, 10), (byte) => ALPHABET[byte % 36]).join("");
}

export interface Repair {
  pos: number;
  id: string;
}

/** The ids to set so that every clause has one of its own: the first that carries an id keeps it. */
export function repairs(doc: Node): Repair[] {
  const taken = new Set<string>();
  const seen = new Map<string, number>();
  const found: Repair[] = [];
  doc.forEach((node) => {
    if (node.type === schema.nodes.clause) taken.add(idOf(node));
  });
  doc.forEach((node, pos) => {
    if (node.type !== schema.nodes.clause) return;
    const id = idOf(node);
    let ordinal = seen.get(id) ?? 0;
    seen.set(id, ordinal + 1);
    if (id && ordinal === 0) return;
    while (taken.has(derivedId(id, ordinal))) ordinal += 1;
    const derived = derivedId(id, ordinal);
    taken.add(derived);
    found.push({ pos, id: derived });
  });
  return found;
}

/**
 * Repairs that every replica may make at once without harm: setting an id that all derive alike, and deleting what is
 * empty. Null when nothing is wrong.
 */
export function repairSafely(state: EditorState): Transaction | null {
  const { tr } = state;
  for (const { pos, id } of repairs(state.doc)) tr.setNodeAttribute(pos, "id", id);
  for (const { from, to } of leftovers(state.doc).reverse()) tr.delete(from, to);
  return tr.docChanged ? tr : null;
}

/** Clauses and lists without any content, and second titles without words or with the words of the first. */
function leftovers(doc: Node): { from: number; to: number }[] {
  const found: { from: number; to: number }[] = [];
  let title: Node | null = null;
  doc.descendants((node, pos) => {
    if (node.type === schema.nodes.title) {
      const repeated = title !== null && (node.textContent === "" || node.textContent === title.textContent);
      if (repeated) found.push({ from: pos, to: pos + node.nodeSize });
      title ??= node;
      return false;
    }
    const holder = node.type !== schema.nodes.paragraph && node.isBlock && node.childCount === 0;
    if (holder) found.push({ from: pos, to: pos + node.nodeSize });
    return node.isBlock && !node.isTextblock;
  });
  return found;
}

/** Gives a text without title or clauses the ones it needs. Inserts, so only one replica at a time may do it. */
export function complete(state: EditorState): Transaction | null {
  const { doc, tr } = state;
  const clauses = doc.children.some((node) => node.type === schema.nodes.clause);
  if (!clauses) tr.insert(doc.content.size, clause(randomId(), "visa"));
  if (doc.firstChild?.type !== schema.nodes.title && !doc.children.some((node) => node.type === schema.nodes.title)) {
    tr.insert(0, schema.node("title"));
  }
  return tr.docChanged ? tr : null;
}

/**
 * Keeps the shape of the text: at once after an edit of our own, a little later after edits from elsewhere, because a
 * change made while the binding applies a remote edit would not reach the shared document.
 */
export function repairPlugin(mayComplete: () => boolean, onSync: (check: () => void) => void): Plugin {
  return new Plugin({
    appendTransaction: (transactions, _before, state) => {
      if (!transactions.some((each) => each.docChanged) || transactions.some(isRemote)) return null;
      return complete(state) ?? repairSafely(state);
    },
    view: (view) => {
      let timer: ReturnType<typeof setTimeout> | undefined;
      const repair = (): void => {
        if (!view.isDestroyed && view.editable) repairView(view, mayComplete());
      };
      const soon = (): void => {
        clearTimeout(timer);
        timer = setTimeout(repair, 50);
      };
      onSync(soon);
      soon();
      return {
        update: (_view, before) => {
          if (before.doc !== view.state.doc) soon();
        },
        destroy: () => clearTimeout(timer),
      };
    },
  });
}

const isRemote = (each: Transaction): boolean =>
  (each.getMeta(ySyncPluginKey) as { isChangeOrigin?: boolean } | undefined)?.isChangeOrigin === true;

/** Repairs what came from elsewhere; not to be undone by whoever happened to do it. */
export function repairView(view: EditorView, mayComplete: boolean): void {
  const tr = (mayComplete ? complete(view.state) : null) ?? repairSafely(view.state);
  if (tr) view.dispatch(tr.setMeta("addToHistory", false));
}

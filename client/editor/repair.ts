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
 * The id for a clause whose id is already taken; every replica and the server derive the same.
 *
 * The first ten bytes of SHA-256 of "id:ordinal", each modulo 36 as a–z, 0–9. `ordinal` counts the earlier clauses with
 * the same id.
 */
export function derivedId(id: string, ordinal: number): string {
  const bytes = digest(new TextEncoder().encode(`${id}:${ordinal}`));
  return Array.from(bytes.subarray(0, 10), (byte) => ALPHABET[byte % 36]).join("");
}

export interface Repair {
  pos: number;
  id: string;
}

/** The ids to set so that each clause has a unique one: the first clause with an id keeps it. */
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
 * Repairs that all replicas may make at the same time without harm: setting derived ids, and deleting empty elements.
 * Null if nothing is wrong.
 */
export function repairSafely(state: EditorState): Transaction | null {
  const { tr } = state;
  for (const { pos, id } of repairs(state.doc)) tr.setNodeAttribute(pos, "id", id);
  for (const { from, to } of leftovers(state.doc).reverse()) tr.delete(from, to);
  return tr.docChanged ? tr : null;
}

/** Clauses and lists without content, and second titles that are empty or repeat the first. */
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

/** Adds a missing title or first clause. It inserts, so only one replica at a time may do it. */
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
 * Keeps the document well formed: at once after a local edit, a little later after remote ones, because a change made
 * while the binding applies a remote edit would not reach the shared document.
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

/** Repairs remote edits; the repair is not part of this person's undo history. */
export function repairView(view: EditorView, mayComplete: boolean): void {
  const tr = (mayComplete ? complete(view.state) : null) ?? repairSafely(view.state);
  if (tr) view.dispatch(tr.setMeta("addToHistory", false));
}

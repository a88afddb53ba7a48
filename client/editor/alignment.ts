import type { Node } from "prosemirror-model";
import { updateYFragment, ySyncPluginKey, type ProsemirrorBinding } from "y-prosemirror";
import type { EditorView } from "prosemirror-view";
import * as Y from "yjs";

import { bindSelection } from "./caret";
import { idOf } from "./clauses";
import { takeInPlace, type Later } from "./taking";
import { completeTexts, writeWords } from "./wording";

type Metadata = Parameters<typeof updateYFragment>[3];

/** Index of a present item to index of the wanted one. */
type Pairs = Map<number, number>;

/** Whether a present item (first) and a wanted one (second) differ at most in their attributes. */
type Alike = (present: number, wanted: number) => boolean;

/**
 * Makes the y-prosemirror binding write edits clause by clause.
 *
 * By itself it pairs elements by position: after a split or a move it would write the words of one clause into the
 * element of another, so that a colleague's next letters appear in the wrong place and authorship is lost. Here an
 * element stays with the clause of its id; only new elements are inserted, and only removed ones deleted.
 */
export function bindByClause(
  binding: ProsemirrorBinding,
  settled: () => ReadonlySet<string>,
  later: Later = (act) => void setTimeout(act),
): void {
  takeInPlace(binding, later);
  binding._prosemirrorChanged = (doc: Node): void => {
    binding.doc.transact(() => {
      const { state } = binding.prosemirrorView as EditorView;
      writeClauses(binding.type, doc, binding as Metadata, settled(), state.selection.head);
      binding.beforeTransactionSelection = bindSelection(binding, state);
    }, ySyncPluginKey);
  };
}

/**
 * Changes a shared fragment to the state of `doc`. Clauses in `settled` are preferably not moved; `caret` is the
 * position of the writer in `doc`.
 */
export function writeClauses(
  fragment: Y.XmlFragment,
  doc: Node,
  meta: Metadata,
  settled: ReadonlySet<string>,
  caret: number,
): void {
  const y = fragment.doc as Y.Doc;
  const wanted = doc.children;
  const keys = wanted.map(keyOfNode);
  const present = fragment.toArray();
  const alike: Alike = (i, j) => sameWords(meta.mapping.get(present[i] as Y.XmlElement), wanted[j]);
  const pairs = align(present.map(keyOfElement), keys, settled, alike);
  y.transact(() => {
    const kept = new Set(pairs.keys());
    for (let i = present.length - 1; i >= 0; i -= 1) {
      if (kept.has(i)) continue;
      forget(present[i], meta);
      fragment.delete(i);
    }
    const partners = new Set(pairs.values());
    wanted.forEach((node, i) => {
      if (!partners.has(i)) fragment.insert(i, [new Y.XmlElement(node.type.name)]);
    });
    doc.forEach((node, pos, i) => {
      const element = fragment.get(i) as Y.XmlElement;
      if (meta.mapping.get(element) === node) return;
      writeWords(element, node, pos + 1, caret, meta);
      if (meta.mapping.get(element) === node) return;
      updateYFragment(y, element, node, meta);
      completeTexts(element, node);
    });
    meta.mapping.set(fragment, doc);
  }, ySyncPluginKey);
}

const keyOfNode = (node: Node): string => (node.type.name === "clause" ? `clause ${idOf(node)}` : node.type.name);

function keyOfElement(element: Y.XmlElement | Y.XmlText | Y.XmlHook): string {
  if (!(element instanceof Y.XmlElement)) return "";
  return element.nodeName === "clause" ? `clause ${element.getAttribute("id") ?? ""}` : element.nodeName;
}

const sameWords = (mapped: Node | Node[] | undefined, node: Node | undefined): boolean =>
  mapped !== undefined && !Array.isArray(mapped) && mapped.type === node?.type && mapped.content.eq(node.content);

function forget(element: unknown, meta: Metadata): void {
  meta.mapping.delete(element as Y.XmlElement);
}

/**
 * Maps present items to wanted ones, in order, with the largest total weight; a settled clause outweighs any number of
 * others. If only an id changed (a repair), the element stays and takes the new id.
 */
export function align(present: string[], wanted: string[], settled: ReadonlySet<string>, alike: Alike): Pairs {
  const pairs: Pairs = new Map();
  let start = 0;
  let tail = 0;
  const shortest = Math.min(present.length, wanted.length);
  while (start < shortest && present[start] === wanted[start]) pairs.set(start, start++);
  while (tail < shortest - start && present[present.length - 1 - tail] === wanted[wanted.length - 1 - tail]) {
    tail += 1;
    pairs.set(present.length - tail, wanted.length - tail);
  }
  const middle = heaviestCommon(
    present.slice(start, present.length - tail),
    wanted.slice(start, wanted.length - tail),
    (key) => (settled.has(key.replace("clause ", "")) ? shortest + 1 : 1),
  );
  for (const [i, j] of middle) pairs.set(i + start, j + start);
  return withRenamed(pairs, present, wanted, alike);
}

/** Heaviest common subsequence of two short lists. */
function heaviestCommon(a: string[], b: string[], weight: (key: string) => number): [number, number][] {
  const best: number[][] = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0));
  const at = (i: number, j: number): number => best[i]?.[j] ?? 0;
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      const together = a[i] === b[j] ? at(i + 1, j + 1) + weight(a[i] ?? "") : 0;
      (best[i] as number[])[j] = Math.max(together, at(i + 1, j), at(i, j + 1));
    }
  }
  const pairs: [number, number][] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    if (a[i] === b[j] && at(i, j) === at(i + 1, j + 1) + weight(a[i] ?? "")) pairs.push([i++, j++]);
    else if (at(i, j) === at(i + 1, j)) i += 1;
    else j += 1;
  }
  return pairs;
}

/** Pairs remaining single items between the same neighbours that differ only in their id. */
function withRenamed(pairs: Pairs, present: string[], wanted: string[], alike: Alike): Pairs {
  const taken = new Set(pairs.values());
  const missing = new Set(wanted.filter((_, j) => !taken.has(j)));
  const spare = new Set(present.filter((_, i) => !pairs.has(i)));
  let next = 0;
  present.forEach((key, i) => {
    const partner = pairs.get(i);
    if (partner !== undefined) {
      next = partner + 1;
      return;
    }
    const other = wanted[next];
    if (other === undefined || taken.has(next) || missing.has(key) || spare.has(other)) return;
    if (alike(i, next)) pairs.set(i, next++);
  });
  return pairs;
}

import { Fragment, Slice, type Mark, type Node, type Schema } from "prosemirror-model";
import type { EditorState, Transaction } from "prosemirror-state";
import type { EditorView } from "prosemirror-view";
import { ySyncPluginKey, type ProsemirrorBinding } from "y-prosemirror";
import * as Y from "yjs";

import { bindSelection, selectionAfter, type BoundSelection } from "./caret";
import { bringHome, strays } from "./strays";

/** Runs something after the remote edit has been applied; nothing can be written before. */
export type Later = (act: () => void) => void;

/**
 * Makes the binding apply remote edits without moving the caret.
 *
 * By itself the binding ties a caret to what is on its right, or to the end of a paragraph, so that others push it
 * along and write into one's sentence; and if two people each created a text in one paragraph, it moves the letters of
 * one behind the other's while both are typing. Here a caret stays before what others insert at it (see
 * `BoundSelection`), and adjacent texts are read as one and left as they are.
 */
export function takeInPlace(binding: ProsemirrorBinding, later: Later): void {
  const { doc, type } = binding;
  const now = viewOf(binding);
  if (now) binding.mapping.set(type, now.state.doc);
  doc.off("beforeAllTransactions", binding.beforeAllTransactions);
  binding.beforeAllTransactions = () => {
    const view = viewOf(binding);
    // A local edit is on the page but not yet in the shared document, where its positions do not exist.
    const isShared = view && binding.mapping.get(type) === view.state.doc;
    // Even if there is one: that of an undo, which the binding sets too late, is outdated.
    if (isShared) binding.beforeTransactionSelection = bindSelection(binding, view.state);
  };
  doc.on("beforeAllTransactions", binding.beforeAllTransactions);
  type.unobserveDeep(binding._observeFunction as () => void);
  binding._observeFunction = (_events: unknown, transaction: Y.Transaction): void => takeIn(binding, transaction, later);
  type.observeDeep(binding._observeFunction as () => void);
}

const viewOf = ({ prosemirrorView }: ProsemirrorBinding): EditorView | null =>
  (prosemirrorView as EditorView | null | undefined) ?? null;

function takeIn(binding: ProsemirrorBinding, transaction: Y.Transaction, later: Later): void {
  const view = viewOf(binding);
  if (!view) return;
  binding.mux(() => {
    const tr = shown(binding, transaction, view.state);
    const before = binding.beforeTransactionSelection as BoundSelection | null;
    const news = { binding, transaction, before: view.state, doc: tr.doc };
    const selection = before && selectionAfter(news, before);
    if (selection) tr.setSelection(selection);
    if (before && binding._isLocalCursorInView()) tr.scrollIntoView();
    binding.mapping.set(binding.type, tr.doc);
    const found = transaction.local ? [] : strays(news);
    view.dispatch(tr);
    for (const stray of found) later(() => !view.isDestroyed && view.editable && bringHome(view, binding, stray));
  });
}

/** The transaction that shows the current shared document. */
function shown(binding: ProsemirrorBinding, transaction: Y.Transaction, state: EditorState): Transaction {
  const { mapping, type } = binding;
  Y.iterateDeletedStructs(transaction, transaction.deleteSet, (struct) => {
    if (struct instanceof Y.Item && struct.content instanceof Y.ContentType) mapping.delete(struct.content.type);
  });
  transaction.changed.forEach((_keys, changed) => mapping.delete(changed));
  transaction.changedParentTypes.forEach((_events, changed) => mapping.delete(changed));
  const nodes = type.toArray().flatMap((child) => nodesOf(child, state.schema, binding));
  return state.tr
    .setMeta("addToHistory", false)
    .replace(0, state.doc.content.size, new Slice(Fragment.from(nodes), 0, 0))
    .setMeta(ySyncPluginKey, {
      isChangeOrigin: true,
      isUndoRedoOperation: transaction.origin instanceof Y.UndoManager,
    });
}

/** The nodes for a shared element or text: none for what the schema does not allow, which is then deleted. */
function nodesOf(child: Y.XmlElement | Y.XmlText | Y.XmlHook, schema: Schema, binding: ProsemirrorBinding): Node[] {
  const known = binding.mapping.get(child);
  if (known && !Array.isArray(known)) return [known];
  try {
    if (child instanceof Y.XmlText) return textNodes(child, schema);
    const element = child as Y.XmlElement;
    const content = element.toArray().flatMap((each) => nodesOf(each as Y.XmlElement, schema, binding));
    const node = schema.node(element.nodeName, element.getAttributes(), content);
    binding.mapping.set(element, node);
    return [node];
  } catch {
    // Two conflicting edits: every replica deletes the same element.
    binding.mapping.delete(child);
    binding.doc.transact((transaction) => child._item?.delete(transaction), ySyncPluginKey);
    return [];
  }
}

const textNodes = (text: Y.XmlText, schema: Schema): Node[] =>
  (text.toDelta() as { insert: string; attributes?: Record<string, Record<string, unknown>> }[]).map(
    ({ insert, attributes }) => schema.text(insert, marksOf(attributes ?? {}, schema)),
  );

/** The name of a mark may have a `--hash` suffix, if other editors let marks of one kind overlap. */
const marksOf = (attributes: Record<string, Record<string, unknown>>, schema: Schema): Mark[] =>
  Object.entries(attributes).map(([name, attrs]) => schema.mark(name.replace(/--[a-zA-Z0-9+/=]{8}$/, ""), attrs));

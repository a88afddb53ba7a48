import { fromBase64, toBase64 } from "lib0/buffer";
import type { Node } from "prosemirror-model";
import type { EditorState } from "prosemirror-state";
import type { EditorView } from "prosemirror-view";
import {
  absolutePositionToRelativePosition,
  relativePositionToAbsolutePosition,
  ySyncPluginKey,
  type ProsemirrorBinding,
} from "y-prosemirror";
import * as Y from "yjs";

import { clauseAround, clauseOf, idOf } from "./clauses";

/**
 * The words that a remark is about: their text, and in `anchor` their first and last letter in the shared document with
 * the words before and after, because "Considérant que" occurs in many places.
 */
export interface Anchor {
  clause: string;
  quote: string;
  anchor: string;
}

/** The current position of these words; `changed` if they are no longer the same. */
export interface Place {
  from: number;
  to: number;
  changed: boolean;
}

/** Number of letters stored of the words before and after, and how many of them identify a place. */
const CONTEXT = 16;
const ALIKE = 6;

const bindingOf = (state: EditorState): ProsemirrorBinding | null =>
  (ySyncPluginKey.getState(state) as { binding?: ProsemirrorBinding | null } | undefined)?.binding ?? null;

/** The anchor for a remark on [from, to): those words, or the whole clause if no letter is selected. */
export function anchorOf(state: EditorState, from: number, to: number): Anchor | null {
  const around = clauseAround(state.doc.resolve(from));
  if (!around) return null;
  const clause = idOf(around.node);
  const [first, last] = lettersIn(state.doc, from, Math.min(to, around.pos + around.node.nodeSize - 1));
  const binding = bindingOf(state);
  if (first === undefined || last === undefined || !binding) return { clause, quote: "", anchor: "" };
  const ends = [relative(binding, first, 0), relative(binding, last, -1)];
  const context = contextOf(state.doc, first, last + 1).map((words) => toBase64(new TextEncoder().encode(words)));
  return { clause, quote: textOf(state.doc, first, last + 1), anchor: [...ends.map(encode), ...context].join(".") };
}

/** The words before and after, within their paragraph. */
function contextOf(doc: Node, from: number, to: number): [string, string] {
  const [$from, $to] = [doc.resolve(from), doc.resolve(to)];
  return [
    lineOf($from.parent).slice(Math.max(0, $from.parentOffset - CONTEXT), $from.parentOffset),
    lineOf($to.parent).slice($to.parentOffset, $to.parentOffset + CONTEXT),
  ];
}

const lineOf = (block: Node): string => block.textBetween(0, block.content.size, "", "\ufffc");

const relative = ({ type, mapping }: ProsemirrorBinding, pos: number, assoc: number): Y.RelativePosition => {
  const found = absolutePositionToRelativePosition(pos, type, mapping) as Y.RelativePosition;
  return new Y.RelativePosition(found.type, found.tname, found.item, assoc);
};

const encode = (position: Y.RelativePosition): string => toBase64(Y.encodeRelativePosition(position));

/** The positions of the first and the last letter in a range, ignoring spaces at its ends. */
function lettersIn(doc: Node, from: number, to: number): [number | undefined, number | undefined] {
  let first: number | undefined;
  let last: number | undefined;
  doc.nodesBetween(from, to, (node, pos) => {
    if (!node.isText) return;
    for (let at = Math.max(from, pos); at < Math.min(to, pos + node.nodeSize); at += 1) {
      if (!/\S/.test(node.text?.[at - pos] ?? "")) continue;
      first ??= at;
      last = at;
    }
  });
  return [first, last];
}

const textOf = (doc: Node, from: number, to: number): string => doc.textBetween(from, to, " ", "");

/** Finds the words: by their letters' Yjs ids, else by the same words with the same context. */
export function placeOf(state: EditorState, { clause, quote, anchor }: Anchor): Place | null {
  if (!quote) return null;
  const [start = "", end = "", ...around] = anchor.split(".");
  const [from, to] = [absolute(state, start), absolute(state, end)];
  if (typeof from === "number" && typeof to === "number" && from < to && to <= state.doc.content.size) {
    const words = textOf(state.doc, from, to);
    if (words === quote) return { from, to, changed: false };
    if (/\S/.test(words)) return within(state.doc, from, to, quote) ?? { from, to, changed: true };
  }
  return standing(state.doc, clause, quote, around.map(decoded));
}

/**
 * The exact words within a range that grew. Yjs cannot tell which of two equal adjacent letters is new, as when "Or "
 * is typed before "rue".
 */
function within(doc: Node, from: number, to: number, quote: string): Place | null {
  const $from = doc.resolve(from);
  const at = lineOf($from.parent).indexOf(quote, $from.parentOffset);
  const start = $from.start() + at;
  return at >= 0 && start + quote.length <= to ? { from: start, to: start + quote.length, changed: false } : null;
}

function decoded(words: string): string {
  try {
    return new TextDecoder().decode(fromBase64(words));
  } catch {
    return "";
  }
}

function absolute(state: EditorState, end: string): number | null {
  const binding = bindingOf(state);
  if (!binding || !end) return null;
  try {
    const position = Y.decodeRelativePosition(fromBase64(end));
    const found = Y.createAbsolutePositionFromRelativePosition(position, binding.doc);
    if (!found || isGone(found.type)) return null;
    return relativePositionToAbsolutePosition(binding.doc, binding.type, position, binding.mapping);
  } catch {
    return null; // An anchor that another program made is worth its quote.
  }
}

function isGone(type: Y.AbstractType<unknown>): boolean {
  for (let item = type._item; item; item = (item.parent as Y.AbstractType<unknown>)._item) {
    if (item.deleted) return true;
  }
  return false;
}

/**
 * Finds words that were copied when a clause was split, joined or moved; without context they are searched for in their
 * clause.
 */
function standing(doc: Node, clause: string, quote: string, context: string[]): Place | null {
  const own = clauseOf(doc, clause);
  const inside = own && find(own.node, own.pos + 1, quote, context);
  return inside ?? (context.length ? find(doc, 0, quote, context) : null);
}

function find(node: Node, start: number, quote: string, [before = "", after = ""]: string[]): Place | null {
  let found: Place | null = null;
  node.descendants((each, pos) => {
    if (found || !each.isTextblock) return !found;
    const line = lineOf(each);
    for (let at = line.indexOf(quote); at >= 0 && !found; at = line.indexOf(quote, at + 1)) {
      const fits = agree(reversed(line.slice(0, at)), reversed(before)) && agree(line.slice(at + quote.length), after);
      const from = start + pos + 1 + at;
      if (fits) found = { from, to: from + quote.length, changed: false };
    }
    return false;
  });
  return found;
}

/** Whether two contexts begin alike; an empty one was cut off, or is unknown. */
function agree(one: string, other: string): boolean {
  const length = Math.min(one.length, other.length, ALIKE);
  return one.slice(0, length) === other.slice(0, length);
}

const reversed = (text: string): string => [...text].reverse().join("");

/** The anchor for a new comment: the selected words, else the clause of the cursor. */
export function chosen(view: EditorView): Anchor | null {
  const { from, to } = view.editable ? view.state.selection : onPage(view);
  return from > view.state.doc.content.size ? null : anchorOf(view.state, from, to);
}

/** The selection of a reader, which ProseMirror does not track. */
function onPage(view: EditorView): { from: number; to: number } {
  const selection = getSelection();
  const nodes = [selection?.anchorNode, selection?.focusNode];
  if (!selection || !nodes.every((node) => node && view.dom.contains(node))) return { from: 0, to: 0 };
  const ends = [
    view.posAtDOM(selection.anchorNode as globalThis.Node, selection.anchorOffset),
    view.posAtDOM(selection.focusNode as globalThis.Node, selection.focusOffset),
  ];
  return { from: Math.min(...ends), to: Math.max(...ends) };
}

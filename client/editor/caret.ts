import { AllSelection, NodeSelection, TextSelection, type EditorState, type Selection } from "prosemirror-state";
import {
  absolutePositionToRelativePosition,
  relativePositionToAbsolutePosition,
  type ProsemirrorBinding,
} from "y-prosemirror";
import type { Awareness } from "y-protocols/awareness";
import * as Y from "yjs";

import { behindCopy, copyOfBlock, goneUpTo, textOf, type News } from "./moved";

/**
 * A selection whose ends are bound to letters of the shared document.
 *
 * A caret is bound to the letter on its left, so that it stays in front of what others insert at it: what one person types
 * is then one run in the shared document, and two people who type at one place write two whole sentences. A range holds
 * the letters that it held: it does not grow over what others insert at its ends.
 */
export interface BoundSelection {
  type: string;
  anchor: Y.RelativePosition;
  head: Y.RelativePosition;
}

export function bindSelection(binding: ProsemirrorBinding, { selection }: EditorState): BoundSelection {
  const { anchor, head, from, empty } = selection;
  const type = (selection as unknown as { jsonID: string }).jsonID;
  const bind = (pos: number): Y.RelativePosition =>
    selection instanceof TextSelection && (empty || pos !== from) ? afterLetter(binding, pos) : beforeLetter(binding, pos);
  return { type, anchor: bind(anchor), head: bind(head) };
}

const beforeLetter = ({ type, mapping }: ProsemirrorBinding, pos: number): Y.RelativePosition =>
  absolutePositionToRelativePosition(pos, type, mapping) as Y.RelativePosition;

/** The place right after what is on the left of a position, or the beginning of its text block. */
function afterLetter(binding: ProsemirrorBinding, pos: number): Y.RelativePosition {
  return boundLeft(beforeLetter(binding, pos), binding.doc);
}

/**
 * The same place, bound to what is on its left: a letter, at the beginning of a text the leaf before it, or the beginning of
 * the text block, where texts of others may come in between.
 */
export function boundLeft(position: Y.RelativePosition, doc: Y.Doc): Y.RelativePosition {
  if (position.item && position.item.clock < 0) return position; // of a place that the shared document does not have
  const place = Y.createAbsolutePositionFromRelativePosition(position, doc);
  if (!place) return position;
  let { type, index } = place;
  while (index === 0 && isText(type) && type._item) {
    const before: Y.Item | null = type._item.prev;
    const content = before?.content instanceof Y.ContentType ? before.content.type : null;
    if (isText(content)) [type, index] = [content, content.length];
    else if (before) return new Y.RelativePosition(null, null, before.lastId, -1);
    else return new Y.RelativePosition((type._item.parent as Y.XmlElement)._item?.id ?? null, null, null, -1);
  }
  return (isText(type) ? seatAt(type, index) : null) ?? Y.createRelativePositionFromTypeIndex(type, index, -1);
}

const isText = (type: unknown): type is Y.XmlText => type instanceof Y.XmlText;

/** Per document, the letter that the person has just taken back. */
const seats = new WeakMap<Y.Doc, Y.RelativePosition>();

/**
 * Remembers the letter before `index` as one that the person is taking back: until they write on, their place is after it,
 * deleted as it is, and not after what a colleague is typing on its left.
 */
export function keepSeat(text: Y.XmlText, index: number): void {
  if (text.doc) seats.set(text.doc, Y.createRelativePositionFromTypeIndex(text, index, -1));
}

/** The place after a letter just taken back, if that is at this index. */
export function seatAt(text: Y.XmlText, index: number): Y.RelativePosition | null {
  const seat = text.doc && seats.get(text.doc);
  const place = seat && Y.createAbsolutePositionFromRelativePosition(seat, text.doc as Y.Doc);
  return seat && place?.type === text && place.index === index ? seat : null;
}

interface Cursor {
  anchor: Y.RelativePosition;
  head: Y.RelativePosition;
}

/**
 * The awareness of a document for the plugin that tells others where one's cursor is: a caret is told as it is bound here, or
 * it would stand on their pages behind what they type at it.
 */
export function boundCursors(awareness: Awareness): Awareness {
  const bound = Object.create(awareness) as Awareness;
  bound.setLocalStateField = (field: string, value: unknown): void => {
    const cursor = field === "cursor" && value ? boundCursor(value as Cursor, awareness.doc) : null;
    const told = awareness.getLocalState()?.[field] as Cursor | null | undefined;
    if (!cursor || !told || !sameCursor(cursor, told)) awareness.setLocalStateField(field, cursor ?? value);
  };
  return bound;
}

function boundCursor({ anchor, head }: Cursor, doc: Y.Doc): Cursor {
  if (!Y.compareRelativePositions(anchor, head)) return { anchor, head };
  const place = boundLeft(head, doc);
  return { anchor: place, head: place };
}

const sameCursor = (one: Cursor, other: Cursor): boolean =>
  samePlace(one.anchor, other.anchor) && samePlace(one.head, other.head);

const samePlace = (one: Y.RelativePosition, other: unknown): boolean =>
  Y.compareRelativePositions(one, Y.createRelativePositionFromJSON(other));

/** Where the selection is after an edit from elsewhere; null when it has no place any more. */
export function selectionAfter(news: News, { type, anchor, head }: BoundSelection): Selection | null {
  const { before, doc } = news;
  if (type === "all") return new AllSelection(doc);
  const [a, h] = [placeAfter(news, anchor, before.selection.anchor), placeAfter(news, head, before.selection.head)];
  if (a === null || h === null) return null;
  if (type !== "node") return TextSelection.between(doc.resolve(a), doc.resolve(h));
  const chosen = doc.nodeAt(a);
  return chosen && NodeSelection.isSelectable(chosen) ? NodeSelection.create(doc, a) : TextSelection.near(doc.resolve(a));
}

function placeAfter(news: News, bound: Y.RelativePosition, pos: number): number | null {
  const { binding, doc } = news;
  const found = relativePositionToAbsolutePosition(binding.doc, binding.type, bound, binding.mapping);
  return followed(news, bound, pos) ?? (found === null ? null : Math.min(Math.max(found, 0), doc.content.size));
}

/** Where a caret belongs whose text was moved; null when it was not. */
function followed(news: News, { item, type }: Y.RelativePosition, pos: number): number | null {
  const { binding, transaction, before } = news;
  const letter = item && Y.getItem(binding.doc.store, item);
  if (item && letter instanceof Y.Item && letter.parent instanceof Y.XmlText) {
    const gone = goneUpTo(letter.parent, item, transaction.deleteSet);
    return gone.near ? behindCopy(news, gone, letter.parent._item?.deleted === true) : null;
  }
  const { parent, parentOffset } = before.doc.resolve(pos);
  const lost = item ?? type;
  if (!lost || parentOffset > 0 || !parent.isTextblock || !Y.isDeleted(transaction.deleteSet, lost)) return null;
  return copyOfBlock(news, textOf(parent));
}

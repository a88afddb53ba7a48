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
 * A selection whose ends are tied to letters of the shared document.
 *
 * A caret is tied to the letter on its left, so that it stays before what others insert at it: then what one person
 * types stays together, and two people who type at one place write two whole sentences. A range keeps exactly its
 * letters: it does not grow when others insert at its ends.
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

/** The relative position right after what is left of a position, or the beginning of its text block. */
function afterLetter(binding: ProsemirrorBinding, pos: number): Y.RelativePosition {
  return boundLeft(beforeLetter(binding, pos), binding.doc);
}

/**
 * The same position, tied to what is on its left: a letter; at the beginning of a text the leaf before it; or the
 * beginning of the text block, if others' texts may be inserted between.
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

/** For each document, the letter that the person has just deleted by undoing their own typing. */
const seats = new WeakMap<Y.Doc, Y.RelativePosition>();

/**
 * Remembers the letter before `index`, which the person is deleting: until they type again, their position stays after
 * the deleted letter, not after what a colleague types on its left.
 */
export function keepSeat(text: Y.XmlText, index: number): void {
  if (text.doc) seats.set(text.doc, Y.createRelativePositionFromTypeIndex(text, index, -1));
}

/** The position after a letter just deleted, if it is at this index; else null. */
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
 * The awareness for the plugin that publishes one's cursor: a caret is published as tied here, because otherwise it
 * would appear to others behind what they type at it.
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

/** The selection after a remote edit; null if it no longer has a position. */
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

/** The new position of a caret whose text was moved; null if it was not. */
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

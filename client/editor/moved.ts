import type { Node } from "prosemirror-model";
import type { EditorState } from "prosemirror-state";
import { absolutePositionToRelativePosition, type ProsemirrorBinding } from "y-prosemirror";
import * as Y from "yjs";

/**
 * Following text that others moved. Yjs has no move operation: splitting, joining or moving a clause deletes letters
 * and inserts a copy of those that the mover knew. The copy is found by its letters, in the text blocks that the same
 * edit changed.
 */

/** A remote edit: the shared document, and the text of the page before and after. */
export interface News {
  binding: ProsemirrorBinding;
  transaction: Y.Transaction;
  before: EditorState;
  doc: Node;
}

/**
 * Letters that a transaction deleted left of a position in a text: those right before it, and all from the beginning.
 */
export interface Gone {
  near: string;
  all: string;
}

/** Number of equal letters that identify a copy inside a text block. */
const SURE = 4;

/**
 * Number of our last letters that the copy of a text deleted as a whole may lack, because its writer had not received
 * them.
 */
const UNSEEN = 80;

const NOTHING: Gone = { near: "", all: "" };

/** For each remaining item, the letters deleted on its left, in order. */
export function* goneBeforeEach(text: Y.XmlText, deleteSet: DeleteSet): Generator<[Y.Item, Gone]> {
  let gone = NOTHING;
  for (let item = text._start; item; item = item.right) {
    if (!item.deleted && item.content instanceof Y.ContentString) yield [item, gone];
    gone = after(gone, item, deleteSet);
  }
}

/** The letters deleted left of the position right after a letter. */
export function goneUpTo(text: Y.XmlText, last: Y.ID, deleteSet: DeleteSet): Gone {
  let gone = NOTHING;
  for (let item = text._start; item; item = item.right) {
    const ends = item.id.client === last.client && item.id.clock <= last.clock && last.clock <= item.lastId.clock;
    gone = after(gone, item, deleteSet, ends ? last.clock - item.id.clock + 1 : item.length);
    if (ends) break;
  }
  return gone;
}

type DeleteSet = Y.Transaction["deleteSet"];

function after({ near, all }: Gone, { id, content, deleted }: Y.Item, deleteSet: DeleteSet, size?: number): Gone {
  if (!(content instanceof Y.ContentString)) return { near, all };
  if (!deleted) return { near: "", all };
  const letters = Y.isDeleted(deleteSet, id) ? content.str.slice(0, size) : "";
  return { near: near + letters, all: all + letters };
}

interface Copy {
  /** The position after the copy. */
  end: number;
  /** Number of equal letters, less those that it lacks. */
  fit: number;
}

/**
 * The position after the copy of deleted letters; null if there is none, which means that they were deleted on purpose.
 * `whole`: their text was deleted as a whole.
 */
export function behindCopy(news: News, { near, all }: Gone, whole: boolean): number | null {
  const blocks = changedBlocks(news.before.doc, news.doc);
  let best: Copy | null = null;
  for (let unseen = 0; unseen <= (whole ? Math.min(UNSEEN, near.length - 1) : 0); unseen += 1) {
    for (const copy of blocks.flatMap((block) => copiesIn(block, all.slice(0, all.length - unseen)))) {
      const fit = copy.fit - unseen;
      if (fit > (best?.fit ?? 0) && isNew(news, copy.end)) best = { end: copy.end, fit };
    }
  }
  return best?.end ?? null;
}

/** The positions in a text block after letters that equal the end of `letters`. */
function copiesIn({ text, start }: Block, letters: string): Copy[] {
  const found: Copy[] = [];
  const last = letters.slice(-SURE);
  for (let at = text.indexOf(last); at >= 0; at = text.indexOf(last, at + 1)) {
    const end = at + last.length;
    found.push({ end: start + end, fit: commonEnd(text.slice(0, end), letters) });
  }
  for (let size = 1; size < SURE && size <= letters.length; size += 1)
    if (text.startsWith(letters.slice(-size))) found.push({ end: start + size, fit: size });
  return found.filter(({ end, fit }) => fit >= SURE || end - fit === start);
}

/** Whether the letter before a position was inserted by the edit itself. */
function isNew({ binding, transaction }: News, pos: number): boolean {
  const place = absolutePositionToRelativePosition(pos, binding.type, binding.mapping) as Y.RelativePosition;
  const { type, index } = Y.createAbsolutePositionFromRelativePosition(place, binding.doc) ?? { type: null, index: 0 };
  const id = type && Y.createRelativePositionFromTypeIndex(type, index, -1).item;
  return id !== null && id.clock >= (transaction.beforeState.get(id.client) ?? 0);
}

function commonEnd(one: string, other: string): number {
  let n = 0;
  while (n < one.length && n < other.length && one.at(-1 - n) === other.at(-1 - n)) n += 1;
  return n;
}

/** The beginning of the copy of a text block. */
export const copyOfBlock = ({ before, doc }: News, text: string): number | null =>
  changedBlocks(before.doc, doc).find((block) => text !== "" && block.text.startsWith(text))?.start ?? null;

interface Block {
  text: string;
  /** Position of its content in the document. */
  start: number;
}

/** The text blocks of `doc` that are new or changed. */
function changedBlocks(before: Node, doc: Node): Block[] {
  const old = new Set<Node>();
  before.descendants((node) => void (node.isTextblock && old.add(node)));
  const found: Block[] = [];
  doc.descendants((node, pos) => {
    if (node.isTextblock && !old.has(node)) found.push({ text: textOf(node), start: pos + 1 });
  });
  return found;
}

/** The letters of a text block; a leaf counts as one. */
export const textOf = (block: Node): string => block.textBetween(0, block.content.size, "", "\ufffc");

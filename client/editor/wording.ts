import type { Node } from "prosemirror-model";
import type { updateYFragment } from "y-prosemirror";
import * as Y from "yjs";

import { keepSeat, seatAt } from "./caret";

type Metadata = Parameters<typeof updateYFragment>[3];

/** The content of a text block: its leaves (citations, line breaks), and the texts before, between and after them. */
interface Parts<Text, Leaf> {
  texts: Text[][];
  leaves: Leaf[];
}

/**
 * Writes changed words of text blocks into the shared document, if the blocks of the shared element are those of
 * `node`.
 *
 * The binding finds what was typed by comparing strings, and cannot tell which of two equal adjacent letters is new; a
 * letter inserted after a colleague's would merge two sentences. `caret` tells: what was typed ends there. Other
 * changes (blocks added or removed, leaves changed) are left to the binding. `pos` is the position of the content of
 * `node` in the document.
 */
export function writeWords(element: Y.XmlElement, node: Node, pos: number, caret: number, meta: Metadata): void {
  if (meta.mapping.get(element) === node) return;
  if (node.isTextblock) {
    if (writeBlock(element, node, caret - pos)) meta.mapping.set(element, node);
    return;
  }
  const children = element.toArray();
  const alike = (child: unknown, i: number): child is Y.XmlElement =>
    child instanceof Y.XmlElement && child.nodeName === node.child(i).type.name;
  if (children.length !== node.childCount || !children.every(alike)) return;
  node.forEach((child, offset, i) => writeWords(children[i] as Y.XmlElement, child, pos + offset + 1, caret, meta));
  const written = children.every((child, i) => meta.mapping.get(child) === node.child(i));
  if (written && sameAttributes(element.getAttributes(), attributesOf(node))) meta.mapping.set(element, node);
}

const attributesOf = ({ attrs }: Node): Attributes =>
  Object.fromEntries(Object.entries(attrs).filter(([, value]) => value !== null));

/**
 * Adds empty texts so that each text block has one before, between and after its leaves: two people who begin to write
 * there then write into the same text, instead of each creating one.
 */
export function completeTexts(element: Y.XmlElement, node: Node): void {
  if (!node.isTextblock) {
    element.toArray().forEach((child, i) => {
      const own = node.maybeChild(i);
      if (own && child instanceof Y.XmlElement) completeTexts(child, own);
    });
    return;
  }
  let text = false;
  for (let i = 0; i <= element.length; i += 1) {
    const child = i < element.length ? element.get(i) : null;
    if (child instanceof Y.XmlText) text = true;
    else if (text) text = false;
    else element.insert(i++, [new Y.XmlText()]);
  }
}

function writeBlock(element: Y.XmlElement, node: Node, caret: number): boolean {
  const present = sharedParts(element);
  const wanted = nodeParts(node);
  if (!present || !sameLeaves(present.leaves, wanted.leaves)) return false;
  completeTexts(element, node);
  let at = 0;
  (sharedParts(element) as Parts<Y.XmlText, Y.XmlElement>).texts.forEach((texts, i) => {
    const runs = wanted.texts[i] ?? [];
    writeRun(texts, runs.map(({ text }) => text ?? "").join(""), caret - at);
    setMarks(texts, runs);
    at += runs.reduce((sum, { nodeSize }) => sum + nodeSize, 0) + 1;
  });
  return true;
}

function nodeParts(node: Node): Parts<Node, Node> {
  const parts: Parts<Node, Node> = { texts: [[]], leaves: [] };
  node.forEach((child) => {
    if (child.isText) parts.texts.at(-1)?.push(child);
    else {
      parts.leaves.push(child);
      parts.texts.push([]);
    }
  });
  return parts;
}

/** The shared texts and leaves; null if a text contains anything but letters. */
function sharedParts(element: Y.XmlElement): Parts<Y.XmlText, Y.XmlElement> | null {
  const parts: Parts<Y.XmlText, Y.XmlElement> = { texts: [[]], leaves: [] };
  for (const child of element.toArray()) {
    if (child instanceof Y.XmlText) {
      if (lettersOf(child).length !== child.length) return null;
      parts.texts.at(-1)?.push(child);
    } else if (child instanceof Y.XmlElement) {
      parts.leaves.push(child);
      parts.texts.push([]);
    } else return null;
  }
  return parts;
}

const sameLeaves = (present: Y.XmlElement[], wanted: Node[]): boolean =>
  present.length === wanted.length &&
  wanted.every((leaf, i) => {
    const element = present[i];
    if (element?.nodeName !== leaf.type.name || element.length) return false;
    return sameAttributes(element.getAttributes(), attributesOf(leaf));
  });

/** The letters of a text without its marks, which `toString` would write as tags. */
export function lettersOf(text: Y.XmlText): string {
  let letters = "";
  for (let item = text._start; item; item = item.right)
    if (!item.deleted && item.content instanceof Y.ContentString) letters += item.content.str;
  return letters;
}

/** Changes adjacent texts, read as one, to `wanted`; `caret` counts letters from the beginning of the first. */
function writeRun(texts: Y.XmlText[], wanted: string, caret: number): void {
  const before = texts.map(lettersOf).join("");
  if (before === wanted) return;
  const { index, remove, insert } = difference(before, wanted, caret);
  let start = before.length;
  for (const text of [...texts].reverse()) {
    const end = start;
    start -= text.length;
    const [from, to] = [Math.max(index, start), Math.min(index + remove, end)];
    if (from >= to) continue;
    if (to === index + remove) keepSeat(text, to - start);
    text.delete(from - start, to - from);
  }
  if (!insert) return;
  let place = index;
  for (const text of texts) {
    if (place <= text.length) return insertAt(text, place, insert);
    place -= text.length;
  }
}

export interface Difference {
  index: number;
  remove: number;
  insert: string;
}

/**
 * The difference between two strings. Of several possible places it takes the one at the caret: inserted letters end
 * there, deleted letters were there.
 */
export function difference(before: string, after: string, caret: number): Difference {
  const shortest = Math.min(before.length, after.length);
  let start = 0;
  while (start < shortest && before[start] === after[start]) start += 1;
  let end = 0;
  while (end < shortest && before.at(-1 - end) === after.at(-1 - end)) end += 1;
  const grown = Math.max(0, after.length - before.length);
  // If common beginning and end overlap, the change can be anywhere in the overlap.
  if (start + end > shortest) start = Math.min(start, Math.max(shortest - end, caret - grown));
  end = Math.min(end, shortest - start);
  if (isHigh(before, start - 1)) start -= 1;
  if (end > 0 && isLow(before, before.length - end)) end -= 1;
  return { index: start, remove: before.length - start - end, insert: after.slice(start, after.length - end) };
}

const isHigh = (text: string, at: number): boolean => /[\uD800-\uDBFF]/.test(text[at] ?? "");
const isLow = (text: string, at: number): boolean => /[\uDC00-\uDFFF]/.test(text[at] ?? "");

/**
 * Inserts letters right after the letter on their left, or after the one that the person has just deleted.
 * `Y.Text.insert` first skips others' deleted letters, and would put what one person types after what another has typed
 * and corrected.
 */
function insertAt(text: Y.XmlText, index: number, letters: string): void {
  const { doc } = text;
  const left = seatAt(text, index)?.item ?? Y.createRelativePositionFromTypeIndex(text, index, -1).item;
  const right = nextTo(text, left);
  if (!doc || !right || !isDeleted(doc, right)) return text.insert(index, letters);
  doc.transact((transaction) => {
    const id = Y.createID(doc.clientID, Y.getState(doc.store, doc.clientID));
    const item = new Y.Item(id, null, left, null, right, text, null, new Y.ContentString(letters));
    item.getMissing(transaction, doc.store);
    item.integrate(transaction, 0);
    if (text._searchMarker) text._searchMarker.length = 0;
  });
}

/** The item after a letter, deleted or not; the first one for null. */
function nextTo(text: Y.XmlText, left: Y.ID | null): Y.ID | null {
  if (!left) return text._start?.id ?? null;
  const item = Y.getItem(text.doc?.store as Y.Doc["store"], left) as Y.Item;
  if (left.clock < item.lastId.clock) return Y.createID(left.client, left.clock + 1);
  return item.right?.id ?? null;
}

const isDeleted = (doc: Y.Doc, id: Y.ID): boolean => Y.getItem(doc.store, id).deleted;

type Attributes = Record<string, unknown>;

/** Gives the letters of adjacent texts the marks that they have in the document. */
function setMarks(texts: Y.XmlText[], runs: Node[]): void {
  const rest = runs.map(({ nodeSize, marks }) => ({
    size: nodeSize,
    attributes: Object.fromEntries(marks.map(({ type, attrs }): [string, unknown] => [type.name, attrs])),
  }));
  for (const text of texts) {
    const wanted: { retain: number; attributes: Attributes }[] = [];
    for (let size = text.length; size > 0;) {
      const run = rest[0];
      if (!run) return;
      const retain = Math.min(size, run.size);
      wanted.push({ retain, attributes: run.attributes });
      size -= retain;
      run.size -= retain;
      if (!run.size) rest.shift();
    }
    mark(text, wanted);
  }
}

function mark(text: Y.XmlText, wanted: { retain: number; attributes: Attributes }[]): void {
  const present = text.toDelta() as { insert: string; attributes?: Attributes }[];
  const same =
    present.length === wanted.length &&
    present.every(
      ({ insert, attributes }, i) =>
        insert.length === wanted[i]?.retain && sameAttributes(attributes ?? {}, wanted[i].attributes),
    );
  if (same) return;
  const none = Object.fromEntries(present.flatMap(({ attributes }) => Object.keys(attributes ?? {})).map((name) => [name, null]));
  text.applyDelta(wanted.map(({ retain, attributes }) => ({ retain, attributes: { ...none, ...attributes } })));
}

const sameAttributes = (one: Attributes, other: Attributes): boolean => {
  const names = Object.keys(one);
  return (
    names.length === Object.keys(other).length &&
    names.every((name) => JSON.stringify(one[name]) === JSON.stringify(other[name]))
  );
};

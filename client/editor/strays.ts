import type { Node } from "prosemirror-model";
import { TextSelection } from "prosemirror-state";
import type { EditorView } from "prosemirror-view";
import {
  absolutePositionToRelativePosition,
  relativePositionToAbsolutePosition,
  type ProsemirrorBinding,
} from "y-prosemirror";
import * as Y from "yjs";

import { boundLeft } from "./caret";
import { behindCopy, goneBeforeEach, textOf, type News } from "./moved";

/**
 * Letters of this person that stayed behind when others moved the letters before them.
 *
 * Somebody who presses Enter before what we are typing deletes those of our letters that they know, and inserts a copy
 * in a new clause. Letters typed meanwhile stay in the old one, and the sentence is split. They are found here and
 * moved to the copy.
 */
export interface Stray {
  /** Our first letter that stayed. */
  first: Y.ID;
  /** Their position in the copy. */
  home: Y.RelativePosition;
}

export function strays(news: News): Stray[] {
  const { binding, transaction } = news;
  const own = binding.doc.clientID;
  const found: Stray[] = [];
  for (const text of transaction.changed.keys()) {
    if (!(text instanceof Y.XmlText) || text._item?.deleted) continue;
    for (const [item, gone] of goneBeforeEach(text, transaction.deleteSet)) {
      const copy = gone.near && item.id.client === own ? behindCopy(news, gone, false) : null;
      if (copy === null) continue;
      const place = absolutePositionToRelativePosition(copy, binding.type, binding.mapping) as Y.RelativePosition;
      found.push({ first: item.id, home: boundLeft(place, binding.doc) });
    }
  }
  return found;
}

/** Moves the letters, and the cursor with them. */
export function bringHome(view: EditorView, binding: ProsemirrorBinding, { first, home }: Stray): void {
  const size = lengthOfRun(binding.doc, first);
  const from = placeOf(binding, new Y.RelativePosition(null, null, first));
  const to = placeOf(binding, home);
  const { doc, selection, tr } = view.state;
  if (!size || from === null || to === null || !isRun(doc, from, size)) return;
  const slice = doc.slice(from, from + size);
  const within = selection.empty && selection.head >= from && selection.head <= from + size;
  tr.delete(from, from + size);
  const place = tr.mapping.map(to, -1);
  tr.replace(place, place, slice);
  if (within) tr.setSelection(TextSelection.create(tr.doc, place + selection.head - from));
  view.dispatch(tr.setMeta("addToHistory", false));
}

const placeOf = ({ doc, type, mapping }: ProsemirrorBinding, place: Y.RelativePosition): number | null =>
  relativePositionToAbsolutePosition(doc, type, place, mapping);

const isRun = (doc: Node, from: number, size: number): boolean =>
  from + size <= doc.content.size && textOf(doc.resolve(from).parent).length >= doc.resolve(from).parentOffset + size;

/** Length of the run of our letters from that one on; 0 if it was deleted. */
function lengthOfRun(doc: Y.Doc, first: Y.ID): number {
  let size = 0;
  let item: Y.Item | null = Y.getItem(doc.store, first) as Y.Item;
  if (item.deleted) return 0;
  for (; item; item = item.right) {
    if (item.deleted || !(item.content instanceof Y.ContentString)) continue;
    if (item.id.client !== doc.clientID) break;
    size += item.length;
  }
  return size;
}

import type { Node } from "prosemirror-model";
import { Plugin, type EditorState, type Transaction } from "prosemirror-state";
import { ySyncPluginKey } from "y-prosemirror";

import { recordable } from "../shared/characters";

/** Number of letters before the cursor that an input method may have written. */
const COMPOSED = 100;

/** A replacement of the letters [from, to). */
interface Correction {
  from: number;
  to: number;
  text: string;
}

/**
 * Normalises input to the characters that the record allows: NFC, without invisible marks. Only this person's own input
 * is checked, word by word, and never during a composition.
 */
export const recordableInput = (): Plugin => {
  let composing: (() => boolean) | null = null;
  return new Plugin({
    view: (view) => {
      composing = () => view.composing;
      return { destroy: () => (composing = null) };
    },
    props: {
      handleDOMEvents: {
        compositionend: (view) => {
          setTimeout(() => {
            if (view.isDestroyed || view.composing || !view.editable) return;
            const block = view.state.selection.$from;
            if (!block.parent.isTextblock) return;
            const tr = corrected(view.state, Math.max(block.start(), block.pos - COMPOSED), block.pos);
            if (tr) view.dispatch(tr);
          });
        },
      },
    },
    appendTransaction: (transactions, before, state) => {
      if (composing?.() || !transactions.some((each) => each.docChanged) || transactions.some(isFromElsewhere)) return null;
      const from = before.doc.content.findDiffStart(state.doc.content);
      const to = before.doc.content.findDiffEnd(state.doc.content)?.b;
      return from === null || to === undefined ? null : corrected(state, Math.min(from, to), Math.max(from, to));
    },
  });
};

const isFromElsewhere = (tr: Transaction): boolean => {
  const news = tr.getMeta(ySyncPluginKey) as { isChangeOrigin?: boolean } | undefined;
  return news?.isChangeOrigin === true;
};

function corrected(state: EditorState, from: number, to: number): Transaction | null {
  const found = corrections(state.doc, from, to);
  if (!found.length) return null;
  const { tr } = state;
  for (const { from: start, to: end, text } of found.reverse()) {
    if (text) tr.insertText(text, start, end);
    else tr.delete(start, end);
  }
  return tr;
}

/** JavaScript counts U+FEFF as a space; here it is an invisible mark. */
const WORD = /(?:\S|\ufeff)+/g;

/** The corrections of the words that touch a range. */
export function corrections(doc: Node, from: number, to: number): Correction[] {
  const found: Correction[] = [];
  doc.nodesBetween(Math.max(0, from - 1), Math.min(doc.content.size, to + 1), (node, pos) => {
    if (!node.isText || !node.text || recordable(node.text) === node.text) return;
    for (const word of node.text.matchAll(WORD)) {
      const start = pos + word.index;
      if (start > to || start + word[0].length < from) continue;
      const correction = changed(word[0], recordable(word[0]));
      if (correction) found.push({ ...correction, from: start + correction.from, to: start + correction.to });
    }
  });
  return found;
}

/** The smallest replacement that turns one word into the other. */
function changed(before: string, after: string): Correction | null {
  if (before === after) return null;
  const least = Math.min(before.length, after.length);
  let start = 0;
  while (start < least && before[start] === after[start]) start += 1;
  let end = 0;
  while (end < least - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end += 1;
  return { from: start, to: before.length - end, text: after.slice(start, after.length - end) };
}

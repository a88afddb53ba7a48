import { Plugin, PluginKey, type Command, type EditorState, type Transaction } from "prosemirror-state";
import type { EditorView } from "prosemirror-view";
import { undoCommand, ySyncPluginKey } from "y-prosemirror";

import { closeUndoStep } from "./history";
import { clauseAround, kindOf } from "./clauses";
import type { Kind } from "./schema";
import { commonStart, rules, typeset } from "./typesetting";

export { NARROW, typeset, WIDE } from "./typesetting";

const openings: [RegExp, Kind][] = [
  [/^Vu[ese]* $/, "visa"],
  [/^Considérant(?: que)? $/, "considerant"],
  [/^(?:Demande|Invite|Exige|Appelle|Souhaite)(?:nt)? $/, "demande"],
];

/** Number of letters before the cursor that a rule may examine. */
const REACH = 200;

type Help = (state: EditorState, text: string, to: number) => Transaction | null;

/** Applies the typography rules to the text before a position. */
const typesetBefore: Help = (state, text, to) => {
  for (const { pattern, write } of rules) {
    const match = pattern.exec(text);
    const written = match && write(match);
    if (!match || written === null || written === undefined) continue;
    const kept = commonStart(written, match[0]);
    return state.tr.insertText(written.slice(kept), to - match[0].length + kept, to);
  }
  return null;
};

/** A clause that begins with "Vu", "Considérant" or "Demande" gets that kind automatically. */
const announceKind: Help = (state, text, to) => {
  const around = clauseAround(state.doc.resolve(to));
  if (!around || to - text.length !== around.pos + 2) return null;
  const kind = openings.find(([pattern]) => pattern.test(text))?.[1];
  return kind && kind !== kindOf(around.node) ? state.tr.setNodeAttribute(around.pos, "kind", kind) : null;
};

const key = new PluginKey<boolean>("typography");

/**
 * Automatic typography: what was typed is inserted first, and the correction is a step of its own, which Ctrl+Z (or
 * Backspace right after) undoes. `wanted` says whether the person has it switched on.
 */
export const typography = (wanted: () => boolean): Plugin =>
  new Plugin<boolean>({
    key,
    state: {
      init: () => false,
      apply: (tr, fresh) => {
        if (tr.getMeta(key)) return true;
        const news = tr.getMeta(ySyncPluginKey) as { isUndoRedoOperation?: boolean } | undefined;
        return news && !news.isUndoRedoOperation ? fresh : fresh && !tr.docChanged && !tr.selectionSet;
      },
    },
    props: {
      handleTextInput: (view, from, to, text) => {
        if (view.composing || !wouldHelp(view.state, from, text, wanted())) return false;
        view.dispatch(view.state.tr.insertText(text, from, to).scrollIntoView());
        help(view, wanted());
        return true;
      },
      handleDOMEvents: {
        compositionend: (view) => {
          setTimeout(() => {
            if (!view.isDestroyed && !view.composing && view.editable) help(view, wanted());
          });
        },
      },
    },
  });

const helps = (wanted: boolean): Help[] => (wanted ? [typesetBefore, announceKind] : [announceKind]);

function textBefore(state: EditorState, pos: number): string {
  const $pos = state.doc.resolve(pos);
  return $pos.parent.textBetween(Math.max(0, $pos.parentOffset - REACH), $pos.parentOffset, null, "\ufffc");
}

/** Whether typing `text` at a position would trigger a correction; only then it needs a step of its own. */
function wouldHelp(state: EditorState, from: number, text: string, wanted: boolean): boolean {
  const line = textBefore(state, from) + text;
  const opening = openings.some(([pattern]) => pattern.test(line));
  return opening || (wanted && typeset(line) !== null);
}

function help(view: EditorView, wanted: boolean): void {
  const { $from, empty, from } = view.state.selection;
  if (!empty || !$from.parent.isTextblock) return;
  const text = textBefore(view.state, from);
  for (const each of helps(wanted)) {
    const tr = each(view.state, text, from);
    if (!tr) continue;
    closeUndoStep(view.state);
    view.dispatch(tr.setMeta(key, true).scrollIntoView());
    closeUndoStep(view.state);
    return;
  }
}

/** Backspace right after a correction undoes only that. */
export const takeBackHelp: Command = (state, dispatch, view) =>
  key.getState(state) === true && undoCommand(state, dispatch, view);

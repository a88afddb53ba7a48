import type { Node } from "prosemirror-model";
import { Plugin, PluginKey, type EditorState } from "prosemirror-state";
import { Decoration, DecorationSet, type EditorView } from "prosemirror-view";
import { ySyncPluginKey } from "y-prosemirror";

import { announce } from "../shared/announce";
import { element } from "../shared/element";
import { clauseName, idOf } from "./clauses";
import { doubles, type Double } from "./doubles";
import * as messages from "./messages";

interface Warned {
  found: Double[];
  decorations: DecorationSet;
}

const key = new PluginKey<Warned>("warnings");

/**
 * Shows a warning beside both clauses with duplicate words, with a button that removes one copy as a normal edit. If
 * others' edits cause a duplicate in a clause that is out of view, it is announced.
 */
export function warnings(editable: boolean): Plugin {
  const look = (doc: Node): Warned => {
    const found = doubles(doc);
    return { found, decorations: DecorationSet.create(doc, found.flatMap((each) => both(each, editable))) };
  };
  return new Plugin<Warned>({
    key,
    state: {
      init: (_config, state) => look(state.doc),
      apply: (tr, old) => (tr.docChanged ? look(tr.doc) : old),
    },
    props: { decorations: (state) => key.getState(state)?.decorations },
    view: () => ({
      update: (view, before) => {
        if (editable && isFromElsewhere(view.state)) tell(foundIn(before), foundIn(view.state));
      },
    }),
  });
}

const foundIn = (state: EditorState): Double[] => key.getState(state)?.found ?? [];

const isFromElsewhere = (state: EditorState): boolean =>
  (ySyncPluginKey.getState(state) as { isChangeOrigin?: boolean } | undefined)?.isChangeOrigin === true;

function tell(before: Double[], now: Double[]): void {
  const known = new Set(before.map(pairOf));
  const fresh = now.find((each) => !known.has(pairOf(each)));
  if (fresh) announce(messages.doubleFound(clauseName(fresh.other), clauseName(fresh.clause)), true);
}

const pairOf = ({ clause, other }: Double): string => `${idOf(clause.node)} ${idOf(other.node)}`;

const both = (double: Double, editable: boolean): Decoration[] =>
  [
    [double.clause, double.other] as const,
    [double.other, double.clause] as const,
  ].map(([here, there]) =>
    Decoration.widget(here.pos + 1, (view) => warning(view, pairOf(double), clauseName(there), editable), {
      side: -1,
      key: `double ${pairOf(double)} ${idOf(here.node)} ${clauseName(there)}`,
      stopEvent: () => true,
    }),
  );

function warning(view: EditorView, pair: string, other: string, editable: boolean): HTMLElement {
  const remove = (): void => {
    if (removeDouble(view, pair)) announce(messages.doubleRemoved, true);
    view.focus();
  };
  return element(
    "div",
    { class: "clause__double", contenteditable: "false", role: "note" },
    `${messages.double(other)} `,
    editable ? element("button", { type: "button", click: remove }, messages.doubleRemove) : null,
  );
}

/** Deletes the duplicate if it still exists; returns whether it did. */
function removeDouble(view: EditorView, pair: string): boolean {
  const double = doubles(view.state.doc).find((each) => pairOf(each) === pair);
  if (!double) return false;
  view.dispatch(view.state.tr.delete(double.from, double.to));
  return true;
}

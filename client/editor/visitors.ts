import { Plugin, PluginKey, type EditorState } from "prosemirror-state";
import { Decoration, DecorationSet } from "prosemirror-view";
import { relativePositionToAbsolutePosition, ySyncPluginKey, type ProsemirrorBinding } from "y-prosemirror";
import type { Awareness } from "y-protocols/awareness";
import * as Y from "yjs";

import { element } from "../shared/element";
import { say } from "../shared/language";
import { colourOf, type Author } from "../shared/presence";
import { clauseAround } from "./clauses";

interface Visit {
  name: string;
  person: string;
}

const key = new PluginKey<{ shown: string; decorations: DecorationSet }>("visitors");

/** Shows beside each clause who has the cursor in it, so that nobody need search for cursors or write over another. */
export const visitors = (awareness: Awareness): Plugin =>
  new Plugin({
    key,
    state: {
      init: () => ({ shown: "", decorations: DecorationSet.empty }),
      apply: (tr, before, _old, state) => {
        if (!tr.docChanged && !tr.getMeta(key)) return before;
        const visits = visitsIn(state, awareness);
        const shown = JSON.stringify([...visits]);
        if (!tr.docChanged && shown === before.shown) return before;
        return {
          shown,
          decorations: DecorationSet.create(
            state.doc,
            [...visits].flatMap((visit) => drawn(state, visit)),
          ),
        };
      },
    },
    props: { decorations: (state) => key.getState(state)?.decorations },
    view: (view) => {
      const look = (): void => {
        setTimeout(() => {
          if (!view.isDestroyed && news(view.state, awareness)) view.dispatch(view.state.tr.setMeta(key, true));
        });
      };
      awareness.on("change", look);
      return { destroy: () => awareness.off("change", look) };
    },
  });

const news = (state: EditorState, awareness: Awareness): boolean =>
  JSON.stringify([...visitsIn(state, awareness)]) !== key.getState(state)?.shown;

/** The other people in each clause, by the clause's position. */
function visitsIn(state: EditorState, awareness: Awareness): Map<number, Visit[]> {
  const { binding } = ySyncPluginKey.getState(state) as { binding: ProsemirrorBinding | null };
  const found = new Map<number, Visit[]>();
  if (!binding) return found;
  for (const [client, each] of awareness.getStates()) {
    const { user, cursor } = each as { user?: Partial<Author>; cursor?: { head: unknown } };
    if (client === awareness.clientID || !cursor || typeof user?.name !== "string" || typeof user.person !== "string")
      continue;
    const at = relativePositionToAbsolutePosition(
      binding.doc,
      binding.type,
      Y.createRelativePositionFromJSON(cursor.head),
      binding.mapping,
    );
    if (at === null || at > state.doc.content.size) continue;
    const clause = clauseAround(state.doc.resolve(at));
    if (!clause) continue;
    const here = found.get(clause.pos) ?? [];
    if (!here.some(({ person }) => person === user.person)) here.push({ name: user.name, person: user.person });
    found.set(clause.pos, here);
  }
  return found;
}

function drawn(state: EditorState, [pos, visits]: [number, Visit[]]): Decoration[] {
  const node = state.doc.nodeAt(pos);
  const [first] = visits;
  if (!node || !first) return [];
  const names = visits.map(({ name }) => name).join(", ");
  const colour = colourOf(first.person);
  const make = (): HTMLElement =>
    element(
      "span",
      { class: "clause__visitors", contenteditable: "false" },
      say(`${names} écrit ici`.replace(/^(.*, .*) écrit/, "$1 écrivent"), `${names} here`),
    );
  return [
    Decoration.node(pos, pos + node.nodeSize, { class: "is-visited", style: `--author: ${colour}` }),
    Decoration.widget(pos + 1, make, {
      side: -2,
      key: `visitors ${names}`,
      ignoreSelection: true,
      stopEvent: () => true,
    }),
  ];
}

import type { Node } from "prosemirror-model";
import { Plugin } from "prosemirror-state";
import { ySyncPluginKey } from "y-prosemirror";

import { announce } from "../shared/announce";
import { say } from "../shared/language";
import { clauseName, idOf, numbered } from "./clauses";

/**
 * Milliseconds of silence after which changes are announced, and the longest wait: announcing every letter would not
 * help.
 */
const QUIET = 4000;
const LONGEST = 15_000;
/** More clauses than this are counted, not named. */
const NAMED = 3;

/** The ids of the clauses that differ between two states of the text, new ones included. */
export function changedClauses(before: Node, after: Node): string[] {
  const known = new Map(before.children.map((node) => [idOf(node), node]));
  return after.children
    .filter((node) => idOf(node) && known.get(idOf(node)) !== node && !known.get(idOf(node))?.eq(node))
    .map(idOf);
}

/** The announcement of others' changes; "" if none of them remains. */
export function changesInWords(doc: Node, changed: ReadonlySet<string>): string {
  const names = numbered(doc).filter(({ node }) => changed.has(idOf(node)));
  if (!names.length) return "";
  if (names.length > NAMED)
    return say(`${names.length} clauses modifiées par d’autres.`, `${names.length} clauses changed by others.`);
  return say(
    `Modifié par d’autres : ${names.map(clauseName).join(", ")}.`,
    `Changed by others: ${names.map(clauseName).join(", ")}.`,
  );
}

/** Announces others' changes to screen readers from time to time. */
export const hearing = (): Plugin =>
  new Plugin({
    view: (view) => {
      const changed = new Set<string>();
      let quiet: ReturnType<typeof setTimeout> | undefined;
      let longest: ReturnType<typeof setTimeout> | undefined;
      const tell = (): void => {
        clearTimeout(quiet);
        clearTimeout(longest);
        longest = undefined;
        const words = view.isDestroyed ? "" : changesInWords(view.state.doc, changed);
        changed.clear();
        if (words && document.hasFocus()) announce(words);
      };
      return {
        update: (now, before) => {
          const sync = ySyncPluginKey.getState(now.state) as {
            isChangeOrigin?: boolean;
            isUndoRedoOperation?: boolean;
          };
          if (now.state.doc === before.doc || !sync.isChangeOrigin || sync.isUndoRedoOperation) return;
          changedClauses(before.doc, now.state.doc).forEach((id) => changed.add(id));
          clearTimeout(quiet);
          quiet = setTimeout(tell, QUIET);
          longest ??= setTimeout(tell, LONGEST);
        },
        destroy: () => {
          clearTimeout(quiet);
          clearTimeout(longest);
        },
      };
    },
  });

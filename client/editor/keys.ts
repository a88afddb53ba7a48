import { baseKeymap, chainCommands, toggleMark } from "prosemirror-commands";
import { undoInputRule } from "prosemirror-inputrules";
import { keymap } from "prosemirror-keymap";
import { liftListItem, splitListItem } from "prosemirror-schema-list";
import type { Command, Plugin } from "prosemirror-state";
import { redoCommand, undoCommand } from "y-prosemirror";

import { hardBreak, mergeBackward, mergeForward, moveClause, newParagraph, setKind, splitClause } from "./commands";
import { schema } from "./schema";

const { list_item: listItem } = schema.nodes;

const enter = chainCommands(splitListItem(listItem), liftListItem(listItem), splitClause);

/** An undo that has nothing to undo still belongs to the text: the browser's own must not run. */
const always =
  (command: Command): Command =>
  (state, dispatch, view) => {
    command(state, dispatch, view);
    return true;
  };

export function keyPlugins(openCitations: () => void): Plugin[] {
  const own = keymap({
    Enter: enter,
    "Shift-Enter": hardBreak,
    "Mod-Enter": newParagraph,
    Backspace: chainCommands(undoInputRule, mergeBackward),
    "Mod-Backspace": mergeBackward,
    Delete: mergeForward,
    "Mod-z": always(undoCommand),
    "Mod-y": always(redoCommand),
    "Shift-Mod-z": always(redoCommand),
    "Mod-b": toggleMark(schema.marks.strong),
    "Mod-i": toggleMark(schema.marks.em),
    "Alt-ArrowUp": moveClause(-1),
    "Alt-ArrowDown": moveClause(1),
    "Mod-Alt-1": setKind("visa"),
    "Mod-Alt-2": setKind("considerant"),
    "Mod-Alt-3": setKind("demande"),
    "Mod-Alt-c": () => {
      openCitations();
      return true;
    },
  });
  return [own, keymap(baseKeymap)];
}

import { baseKeymap, chainCommands, toggleMark } from "prosemirror-commands";
import { keymap } from "prosemirror-keymap";
import { liftListItem, splitListItem } from "prosemirror-schema-list";
import type { Command, Plugin } from "prosemirror-state";
import { redoCommand, undoCommand } from "y-prosemirror";

import { hardBreak, mergeBackward, mergeForward, newParagraph, setKind, splitClause } from "./commands";
import { KINDS, schema } from "./schema";
import { movedAloud } from "./tools";
import { takeBackHelp } from "./typography";

const { list_item: listItem } = schema.nodes;

const enter = chainCommands(splitListItem(listItem), liftListItem(listItem), splitClause);

/** Handles undo even with nothing to undo, so that the browser's own undo does not run. */
const always =
  (command: Command): Command =>
  (state, dispatch, view) => {
    command(state, dispatch, view);
    return true;
  };

const calling =
  (act: () => void): Command =>
  () => {
    act();
    return true;
  };

/** What keyboard shortcuts open. */
export interface Openings {
  openCitations: () => void;
  find: () => void;
  comment: () => void;
  remarks: () => void;
  suggest: () => void;
}

export function keyPlugins(open: Openings): Plugin[] {
  const own = keymap({
    Enter: enter,
    "Shift-Enter": hardBreak,
    "Mod-Enter": newParagraph,
    Backspace: chainCommands(takeBackHelp, mergeBackward),
    "Mod-Backspace": mergeBackward,
    Delete: mergeForward,
    "Mod-z": always(undoCommand),
    "Mod-y": always(redoCommand),
    "Shift-Mod-z": always(redoCommand),
    "Mod-b": toggleMark(schema.marks.strong),
    "Mod-i": toggleMark(schema.marks.em),
    "Alt-ArrowUp": movedAloud(-1),
    "Alt-ArrowDown": movedAloud(1),
    ...Object.fromEntries(KINDS.map((kind, i) => [`Mod-Alt-${i + 1}`, setKind(kind)])),
    "Mod-Alt-c": calling(open.openCitations),
    "Mod-f": calling(open.find),
    "Mod-h": calling(open.find),
    "Mod-Alt-m": calling(open.comment),
    "Mod-Alt-r": calling(open.remarks),
    "Mod-Alt-s": calling(open.suggest),
  });
  return [own, keymap(baseKeymap)];
}

import type { Command, EditorState } from "prosemirror-state";
import type { EditorView } from "prosemirror-view";
import { redoCommand, undoCommand } from "y-prosemirror";

import { announce } from "../shared/announce";
import type { Preference } from "../shared/preferences";
import { toolbar, type Tool, type Toolbar } from "../shared/toolbar";
import { clauseAround, clauseName, kindName, numbered, shortKindName } from "./clauses";
import { deleteClause, moveClause, present, setKind } from "./commands";
import * as messages from "./messages";
import { KINDS } from "./schema";
import { toolmaker } from "./toolmaking";

/** Actions of tools outside the text. */
export interface Acts {
  openCitations: () => void;
  openLink: () => void;
  find: () => void;
  help: () => void;
  typography: Preference;
  comment: () => void;
  suggest: () => void;
  isSuggesting: () => boolean;
}

/** The editor's toolbar: above the text on a wide screen, above the keyboard on a phone. */
export function editorTools(view: EditorView, acts: Acts): Toolbar {
  const make = toolmaker(view);
  const can = (command: Command) => (): boolean => command(view.state);
  const kinds = kindTools(view);
  return toolbar(messages.tools, [
    ...kinds,
    make.cite(acts.openCitations),
    { name: messages.commentTitle, icon: "comment", text: messages.commentButton, className: "tool--remark", run: acts.comment },
    {
      name: messages.suggestTitle,
      icon: "suggest",
      text: messages.suggestButton,
      className: "tool--remark",
      run: acts.suggest,
      pressed: acts.isSuggesting,
    },
    make.bold,
    make.italic,
    make.history(messages.undo, "undo", writing(undoCommand, acts.isSuggesting)),
    make.history(messages.redo, "redo", writing(redoCommand, acts.isSuggesting)),
    { name: messages.up, icon: "up", run: moved(view, -1), enabled: can(moveClause(-1)) },
    { name: messages.down, icon: "down", run: moved(view, 1), enabled: can(moveClause(1)) },
    make.bullets,
    make.numbers,
    make.link(acts.openLink),
    { name: messages.remove, icon: "remove", run: removed(view), enabled: can(deleteClause) },
    { name: messages.findButton, icon: "find", run: acts.find },
    typographyTool(acts.typography),
    { name: messages.helpButton, icon: "help", run: acts.help },
  ], () => view.focus());
}

/** Tools that change the shared text are disabled in suggestion mode. */
const writing =
  (command: Command, isSuggesting: () => boolean): Command =>
  (state, dispatch, view) =>
    !isSuggesting() && command(state, dispatch, view);

const typographyTool = (wish: Preference): Tool => ({
  name: messages.typographyButton,
  text: "« »",
  run: () => {
    wish.set(!wish.value);
    announce(wish.value ? messages.typographyOn : messages.typographyOff, true);
  },
  pressed: () => wish.value,
});

const kindTools = (view: EditorView): Tool[] =>
  KINDS.map((kind, i) => ({
    name: `${kindName(kind)} (Ctrl+Alt+${i + 1})`,
    text: shortKindName(kind),
    className: `tool--kind tool--${kind}`,
    run: (): void => {
      setKind(kind)(view.state, view.dispatch);
      view.focus();
    },
    pressed: () => present(view.state)?.kind === kind,
    enabled: () => present(view.state) !== null,
  }));

const moved = (view: EditorView, direction: -1 | 1) => (): void => {
  movedAloud(direction)(view.state, view.dispatch, view);
  view.focus();
};

/** Moves the clause of the cursor and announces its new position. */
export const movedAloud =
  (direction: -1 | 1): Command =>
  (state, dispatch, view) => {
    if (!moveClause(direction)(state, dispatch)) return false;
    if (view) tellPlace(view.state);
    return true;
  };

function tellPlace({ doc, selection }: EditorState): void {
  const clauses = numbered(doc);
  const at = clauses.findIndex(({ pos }) => pos === clauseAround(selection.$from)?.pos);
  const here = clauses[at];
  if (here) announce(messages.movedTo(clauseName(here), at + 1, clauses.length));
}

const removed = (view: EditorView) => (): void => {
  deleteClause(view.state, view.dispatch);
  view.focus();
  announce(messages.removed);
};

import { toggleMark } from "prosemirror-commands";
import { redo, undo } from "prosemirror-history";
import type { MarkType } from "prosemirror-model";
import type { Command } from "prosemirror-state";
import type { EditorView } from "prosemirror-view";

import { inList, toggleList } from "../editor/commands";
import { hasMark } from "../editor/link";
import * as texts from "../editor/messages";
import { schema } from "../editor/schema";
import { toolbar, type Tool, type Toolbar } from "../shared/toolbar";
import * as messages from "./messages";
import { changesIn } from "./surface";

/** The tools over the passage; a title needs no more than to be undone. */
export function amendmentTools(
  view: EditorView,
  acts: { cite: () => void; link: () => void; reset: () => void },
  resetName: string,
): Toolbar {
  const run = (command: Command) => (): void => {
    command(view.state, view.dispatch, view);
    view.focus();
  };
  const can = (command: Command) => (): boolean => command(view.state);
  const mark = (type: MarkType): Pick<Tool, "run" | "pressed"> => ({
    run: run(toggleMark(type)),
    pressed: () => hasMark(view.state, type),
  });
  const list = (type: "bullet_list" | "ordered_list"): Pick<Tool, "run" | "pressed"> => ({
    run: run(toggleList(type)),
    pressed: () => inList(view.state, type),
  });
  const words: Tool[] = [
    { name: texts.citeTitle, icon: "cite", text: texts.citeButton, className: "tool--main", run: acts.cite },
    { name: texts.bold, text: "G", className: "tool--bold", ...mark(schema.marks.strong) },
    { name: texts.italic, text: "I", className: "tool--italic", ...mark(schema.marks.em) },
    { name: texts.bullets, icon: "bullets", ...list("bullet_list") },
    { name: texts.numbers, icon: "numbers", ...list("ordered_list") },
    { name: texts.link, icon: "link", run: acts.link, pressed: () => hasMark(view.state, schema.marks.link) },
  ];
  return toolbar(messages.tools, [
    { name: messages.undo, icon: "undo", run: run(undo), enabled: can(undo) },
    { name: messages.redo, icon: "redo", run: run(redo), enabled: can(redo) },
    ...(view.state.doc.firstChild?.type === schema.nodes.title ? [] : words),
    { name: resetName, text: resetName, run: acts.reset, enabled: () => changesIn(view.state).length > 0 },
  ]);
}

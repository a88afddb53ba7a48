import { toggleMark } from "prosemirror-commands";
import type { MarkType } from "prosemirror-model";
import type { Command } from "prosemirror-state";
import type { EditorView } from "prosemirror-view";

import type { Tool } from "../shared/toolbar";
import { inList, toggleList } from "./commands";
import { hasMark } from "./link";
import * as messages from "./messages";
import { schema } from "./schema";

/** Creates the buttons that every editor needs: that of the motion and that of amendments. */
export interface Toolmaker {
  /** Runs a command and returns the focus to the text. */
  run: (command: Command) => () => void;
  cite: (run: () => void) => Tool;
  bold: Tool;
  italic: Tool;
  bullets: Tool;
  numbers: Tool;
  link: (run: () => void) => Tool;
  /** Undo or redo, by the history plugin that the text uses. */
  history: (name: string, icon: "undo" | "redo", command: Command) => Tool;
}

export function toolmaker(view: EditorView): Toolmaker {
  const run = (command: Command) => (): void => {
    command(view.state, view.dispatch, view);
    view.focus();
  };
  const mark = (type: MarkType): Pick<Tool, "run" | "pressed"> => ({
    run: run(toggleMark(type)),
    pressed: () => hasMark(view.state, type),
  });
  const list = (type: "bullet_list" | "ordered_list"): Pick<Tool, "run" | "pressed"> => ({
    run: run(toggleList(type)),
    pressed: () => inList(view.state, type),
  });
  return {
    run,
    cite: (act) => ({
      name: messages.citeTitle,
      icon: "cite",
      text: messages.citeButton,
      className: "tool--main",
      run: act,
    }),
    bold: { name: messages.bold, text: "G", className: "tool--bold", ...mark(schema.marks.strong) },
    italic: { name: messages.italic, text: "I", className: "tool--italic", ...mark(schema.marks.em) },
    bullets: { name: messages.bullets, icon: "bullets", ...list("bullet_list") },
    numbers: { name: messages.numbers, icon: "numbers", ...list("ordered_list") },
    link: (act) => ({
      name: messages.link,
      icon: "link",
      run: act,
      pressed: () => hasMark(view.state, schema.marks.link),
    }),
    history: (name, icon, command) => ({ name, icon, run: run(command), enabled: () => command(view.state) }),
  };
}

import { redo, undo } from "prosemirror-history";
import type { EditorView } from "prosemirror-view";

import { schema } from "../editor/schema";
import { toolmaker } from "../editor/toolmaking";
import { toolbar, type Toolbar } from "../shared/toolbar";
import * as messages from "./messages";
import { changesIn } from "./surface";

/** The toolbar above the passage; a title has only undo and redo. */
export function amendmentTools(
  view: EditorView,
  acts: { cite: () => void; link: () => void; reset: () => void },
  resetName: string,
): Toolbar {
  const make = toolmaker(view);
  const words = [make.cite(acts.cite), make.bold, make.italic, make.bullets, make.numbers, make.link(acts.link)];
  return toolbar(messages.tools, [
    make.history(messages.undo, "undo", undo),
    make.history(messages.redo, "redo", redo),
    ...(view.state.doc.firstChild?.type === schema.nodes.title ? [] : words),
    { name: resetName, text: resetName, run: acts.reset, enabled: () => changesIn(view.state).length > 0 },
  ]);
}

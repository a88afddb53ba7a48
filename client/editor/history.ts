import type { EditorState } from "prosemirror-state";
import { yUndoPluginKey } from "y-prosemirror";

/** Ends the current undo step, so that what follows is undone separately. */
export function closeUndoStep(state: EditorState): void {
  const history = yUndoPluginKey.getState(state) as { undoManager?: { stopCapturing: () => void } } | undefined;
  history?.undoManager?.stopCapturing();
}

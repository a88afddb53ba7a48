import type { EditorState } from "prosemirror-state";
import { yUndoPluginKey } from "y-prosemirror";

/** What follows is undone apart from what came before, however fast it follows. */
export function closeUndoStep(state: EditorState): void {
  const history = yUndoPluginKey.getState(state) as { undoManager?: { stopCapturing: () => void } } | undefined;
  history?.undoManager?.stopCapturing();
}

import type { EditorView } from "prosemirror-view";

import { element } from "../shared/element";
import * as messages from "./messages";
import { perform } from "./mount";

/** Offers to restore words whose paragraph was deleted. */
export function lostWords(words: string, view: () => EditorView | undefined): HTMLElement {
  const put = (): void => {
    const now = view();
    if (now) perform(now, (state, dispatch) => (dispatch?.(state.tr.insertText(words)), true));
    notice.remove();
  };
  const notice = element(
    "div",
    { class: "refusal refusal--mild", role: "alert" },
    element("p", {}, messages.lostWords(words)),
    element(
      "p",
      { class: "refusal__actions" },
      element("button", { type: "button", click: put }, messages.lostPut),
      element("button", { type: "button", click: () => notice.remove() }, messages.lostDrop),
    ),
  );
  return notice;
}

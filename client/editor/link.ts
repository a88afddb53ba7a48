import type { MarkType } from "prosemirror-model";
import type { EditorState } from "prosemirror-state";
import type { EditorView } from "prosemirror-view";

import { element } from "../shared/element";
import { takeFocus } from "../shared/focus";
import { setLink } from "./commands";
import * as messages from "./messages";
import { schema } from "./schema";

export function hasMark(state: EditorState, type: MarkType): boolean {
  const { from, to, empty, $from } = state.selection;
  return empty
    ? type.isInSet(state.storedMarks ?? $from.marks()) !== undefined
    : state.doc.rangeHasMark(from, to, type);
}

export interface LinkForm {
  element: HTMLFormElement;
  open: () => void;
}

/** A field for the address of a link, shown under the tools when asked for. */
export function linkForm(view: EditorView): LinkForm {
  const field = element("input", {
    type: "url",
    class: "link-form__field",
    "aria-label": messages.linkAddress,
    placeholder: "https://",
  });
  const close = (): void => {
    form.hidden = true;
    view.focus();
  };
  const apply = (href: string): void => {
    if (setLink(href)(view.state, view.dispatch)) return close();
    field.setCustomValidity(messages.linkUnsafe);
    field.reportValidity();
  };
  const form = element(
    "form",
    {
      class: "link-form",
      hidden: true,
      novalidate: true,
      submit: (event: Event) => {
        event.preventDefault();
        apply(field.value);
      },
      keydown: (event: KeyboardEvent) => {
        if (event.key === "Escape") close();
      },
    },
    field,
    element("button", { type: "submit" }, messages.linkApply),
    element("button", { type: "button", click: () => apply("") }, messages.linkRemove),
  );
  field.addEventListener("input", () => field.setCustomValidity(""));
  const open = (): void => {
    form.hidden = false;
    field.value = linkAt(view.state);
    takeFocus(field);
  };
  return { element: form, open };
}

function linkAt(state: EditorState): string {
  const { from, to } = state.selection;
  let href = "";
  state.doc.nodesBetween(from, to, (node) => {
    href ||= String(schema.marks.link.isInSet(node.marks)?.attrs["href"] ?? "");
  });
  return href;
}

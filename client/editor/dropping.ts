import { Plugin } from "prosemirror-state";
import type { EditorView } from "prosemirror-view";

import { announce } from "../shared/announce";
import { EXCERPT_DRAG } from "../shared/panel";
import { citeIn } from "./commands";
import * as messages from "./messages";

/** An excerpt dragged from the panel onto a clause is cited at its end. */
export const dropping = (): Plugin =>
  new Plugin({
    props: {
      handleDOMEvents: {
        dragover: (view, event) => aim(view, event),
        dragleave: (view, event) => (event.target === view.dom && unmark(view), false),
        drop: (view, event) => take(view, event),
      },
    },
  });

const clauseUnder = (event: DragEvent): HTMLElement | null =>
  event.dataTransfer?.types.includes(EXCERPT_DRAG)
    ? (event.target as Element).closest<HTMLElement>("[data-clause]")
    : null;

function aim(view: EditorView, event: DragEvent): boolean {
  const clause = clauseUnder(event);
  if (!clause) return false;
  event.preventDefault();
  if (event.dataTransfer) event.dataTransfer.dropEffect = "copy";
  if (!clause.classList.contains("is-aimed")) {
    unmark(view);
    clause.classList.add("is-aimed");
  }
  return true;
}

function unmark(view: EditorView): void {
  view.dom.querySelectorAll(".is-aimed").forEach((each) => each.classList.remove("is-aimed"));
}

function take(view: EditorView, event: DragEvent): boolean {
  const clause = clauseUnder(event);
  unmark(view);
  if (!clause) return false;
  event.preventDefault();
  const excerpt = event.dataTransfer?.getData(EXCERPT_DRAG) ?? "";
  const done = citeIn(clause.dataset["clause"] ?? "", excerpt)(view.state, view.dispatch);
  announce(done ? messages.citedNow : messages.citedAlready, !done);
  view.focus();
  return true;
}

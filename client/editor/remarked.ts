import { TextSelection } from "prosemirror-state";
import { Decoration, type EditorView } from "prosemirror-view";

import { element } from "../shared/element";
import type { Place } from "./anchors";
import * as messages from "./messages";
import type { Thread } from "./remarks";
import type { Stroke } from "./suggested";

/** The highlight of words with a remark. */
export const marked = ({ from, to }: Place, number: number, active: boolean): Decoration =>
  Decoration.inline(from, to, {
    nodeName: "mark",
    class: active ? "remarked remarked--active" : "remarked",
    "data-remark": String(number),
  });

/** Shows what a suggestion would delete or insert, at its place. */
export function struck(stroke: Stroke, { number, who }: Thread, active: boolean): Decoration {
  const look = active ? " suggested--active" : "";
  if ("from" in stroke) {
    const marks = { nodeName: "del", class: `suggested suggested--gone${look}`, "data-remark": String(number) };
    return Decoration.inline(stroke.from, stroke.to, { ...marks, title: messages.suggestedBy(who) });
  }
  const make = (view: EditorView, getPos: () => number | undefined): HTMLElement =>
    element(
      "ins",
      {
        class: `suggested suggested--come${look}`,
        contenteditable: "false",
        "data-remark": number,
        title: messages.suggestedBy(who),
        mousedown: (event: MouseEvent) => toPlace(event, view, getPos()),
      },
      stroke.words,
    );
  const key = `suggested ${number} ${stroke.words}${look}`;
  return Decoration.widget(stroke.at, make, {
    side: 1,
    key,
    ignoreSelection: true,
    stopEvent: () => true,
    marks: [],
  });
}

/** Whether two changes touch the same words. */
export function meet(one: Stroke, other: Stroke): boolean {
  const [a, b] = [one, other].map((each): [number, number] =>
    "at" in each ? [each.at, each.at] : [each.from, each.to],
  ) as [[number, number], [number, number]];
  return a[0] <= b[1] && b[0] <= a[1];
}

/**
 * A press on suggested words, which are not in the text, moves the cursor to their place; browsers do not do so by
 * themselves.
 */
function toPlace(event: MouseEvent, view: EditorView, pos: number | undefined): void {
  if (pos === undefined || !view.editable) return;
  event.preventDefault();
  view.dispatch(view.state.tr.setSelection(TextSelection.near(view.state.doc.resolve(pos))));
  view.focus();
}

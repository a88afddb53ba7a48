import { DOMSerializer, type Node } from "prosemirror-model";
import type { EditorView } from "prosemirror-view";

import { schema } from "../editor/schema";
import { announce } from "../shared/announce";
import { element } from "../shared/element";
import * as messages from "./messages";
import { changesIn, restoring } from "./surface";
import { textOf, type Reworded, type Token } from "./tokens";

const PAUSE = 250;

export interface Summary {
  element: HTMLElement;
  update: () => void;
}

/**
 * The summary beside the passage: every change, each of which can be undone separately, and the passage as it would
 * read.
 */
export function summary(view: EditorView, before: Node, label: string): Summary {
  const list = element("ol", { class: "change-list" });
  const count = element("p", { class: "change-count", role: "status" });
  const reading = element("div", { class: "clause-text", lang: "fr" });
  const kind = element("p", { class: "clause-label" }, label);
  const section = element(
    "aside",
    { class: "amend__summary", "aria-label": messages.changesTitle },
    element("section", {}, element("h2", {}, messages.changesTitle), count, list),
    element(
      "section",
      {},
      element("h2", {}, messages.readingTitle),
      element("div", { class: "reading" }, ...(isTitle(before) ? [] : [kind]), reading),
    ),
  );
  const show = (): void => {
    const found = changesIn(view.state);
    count.textContent = messages.count(found.length);
    list.replaceChildren(...found.map((change) => item(view, before, change)));
    reading.replaceChildren(...drawn(view.state.doc));
  };
  let timer: ReturnType<typeof setTimeout> | undefined;
  const update = (): void => {
    clearTimeout(timer);
    timer = setTimeout(show, PAUSE);
  };
  show();
  return { element: section, update };
}

const isTitle = (doc: Node): boolean => doc.firstChild?.type === schema.nodes.title;

function item(view: EditorView, before: Node, change: Reworded): HTMLElement {
  const words = [change.gone, change.come].map(textOf).filter((text) => text.trim());
  const restore = (): void => {
    const step = restoring(view.state, before, change);
    if (step) view.dispatch(step);
    view.focus();
    announce(messages.restored);
  };
  const name = messages.restoreThis(words.join(" → "));
  const attributes = { type: "button", class: "link", "aria-label": name, click: restore };
  return element(
    "li",
    {},
    ...said("del", messages.removed, change.gone),
    " ",
    ...said("ins", messages.added, change.come),
    " ",
    restoring(view.state, before, change) ? element("button", attributes, messages.restore) : null,
  );
}

/** The words of a change with a label for screen readers; spaces alone are made visible. */
function said(tag: "ins" | "del", spoken: string, tokens: Token[]): HTMLElement[] {
  const text = textOf(tokens);
  if (!text) return [];
  const seen = text.trim() ? text : text.replaceAll(" ", "␣").replaceAll(/[\u00a0\u202f]/g, "⍽");
  return [element(tag, { lang: "fr" }, element("span", { class: "visually-hidden" }, `${spoken} `), seen)];
}

function drawn(doc: Node): (globalThis.Node | string)[] {
  const content = doc.firstChild?.content;
  if (!content || !doc.textContent.trim()) return [element("p", { class: "soft" }, messages.emptyReading)];
  return [DOMSerializer.fromSchema(schema).serializeFragment(content)];
}

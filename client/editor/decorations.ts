import type { Node } from "prosemirror-model";
import { Plugin, PluginKey, Selection } from "prosemirror-state";
import { Decoration, DecorationSet, type EditorView } from "prosemirror-view";

import { announce } from "../shared/announce";
import { copyWords } from "../shared/clipboard";
import { element } from "../shared/element";
import { icon } from "../shared/icons";
import type { Testimonies } from "../shared/testimonies";
import { cited, clauseName, idOf, numbered, type Numbered } from "./clauses";
import * as messages from "./messages";
import { schema } from "./schema";

const key = new PluginKey<DecorationSet>("clauses");

/** Decorations that are not part of the text: numbers of clauses and their sources. */
export function clauseDecorations(testimonies: Testimonies, editable: boolean): Plugin {
  const decorate = (doc: Node): DecorationSet =>
    DecorationSet.create(doc, [
      ...titleHint(doc),
      ...numbered(doc).flatMap((each) => [...around(each, testimonies), ...(editable ? [] : [linkTo(each)])]),
    ]);
  return new Plugin({
    key,
    state: {
      init: (_config, state) => decorate(state.doc),
      apply: (tr, old) => (tr.docChanged || tr.getMeta(key) ? decorate(tr.doc) : old),
    },
    props: { decorations: (state) => key.getState(state) },
    view: (view) => {
      testimonies.watch(() => redecorate(view));
      return {};
    },
  });
}

/** Draws the numbers and sources again, although the text did not change. */
export const redecorate = (view: EditorView): void => {
  if (!view.isDestroyed) view.dispatch(view.state.tr.setMeta(key, true));
};

function titleHint(doc: Node): Decoration[] {
  const title = doc.firstChild;
  if (title?.type !== schema.nodes.title || title.content.size > 0) return [];
  return [Decoration.node(0, title.nodeSize, { class: "is-empty", "data-placeholder": messages.titlePlaceholder })];
}

function around(each: Numbered, testimonies: Testimonies): Decoration[] {
  const { node, pos, kind } = each;
  const name = clauseName(each);
  const decorations = [Decoration.node(pos, pos + node.nodeSize, { role: "group", "aria-label": name, "data-label": name })];
  const first = node.firstChild;
  if (node.childCount === 1 && first?.type === schema.nodes.paragraph && first.content.size === 0) {
    decorations.push(
      Decoration.node(pos + 1, pos + 1 + first.nodeSize, {
        class: "is-empty",
        "data-placeholder": messages.placeholders[kind],
      }),
    );
  }
  const excerpts = cited(node);
  if (excerpts.length) decorations.push(sources(pos + node.nodeSize - 1, excerpts, testimonies));
  return decorations;
}

/** A link to the clause, for readers, who have no handle. */
function linkTo(each: Numbered): Decoration {
  const href = `#clause-${idOf(each.node)}`;
  const name = messages.linkTo(clauseName(each));
  const copy = (): void => {
    void copyWords(new URL(href, location.href).href).then(() => announce(messages.linkCopied, true));
  };
  const make = (): HTMLElement =>
    element("a", { class: "clause__link", href, title: name, "aria-label": name, click: copy }, icon("link"));
  return Decoration.widget(each.pos + 1, make, { side: -3, key: `link ${href} ${name}`, stopEvent: () => true });
}

function sources(pos: number, excerpts: string[], testimonies: Testimonies): Decoration {
  const known = excerpts.map((excerpt) => testimonies.source(excerpt)?.excerpt.quote ?? "");
  const make = (view: EditorView, getPos: () => number | undefined): HTMLElement => {
    const list = sourceList(excerpts, testimonies);
    list.addEventListener("mousedown", (event) => toClause(event, view, getPos()));
    return list;
  };
  return Decoration.widget(pos, make, {
    side: 1,
    key: JSON.stringify([excerpts, known, testimonies.known]),
    ignoreSelection: true,
    stopEvent: () => true,
  });
}

/** A click on the sources moves the cursor to the end of their clause, which browsers do not do by themselves. */
function toClause(event: MouseEvent, view: EditorView, pos: number | undefined): void {
  if (pos === undefined || (event.target as Element).closest("a, button")) return;
  event.preventDefault();
  view.dispatch(view.state.tr.setSelection(Selection.near(view.state.doc.resolve(pos), -1)));
  view.focus();
}

/** The excerpts that a clause cites, listed below it with their speakers. */
function sourceList(excerpts: string[], testimonies: Testimonies): HTMLElement {
  const items = excerpts.map((number) => {
    const source = testimonies.source(number);
    return element(
      "li",
      { class: "clause__source" },
      element("span", { class: "clause__source-number" }, number),
      source
        ? element("q", {}, source.excerpt.quote)
        : element("span", { class: "clause__source-unknown" }, testimonies.known ? messages.unknownExcerpt : "…"),
      source
        ? element("span", { class: "clause__source-speaker" }, source.testimony.speaker || source.testimony.title)
        : null,
    );
  });
  return element(
    "ul",
    { class: "clause__sources", contenteditable: "false", "aria-label": messages.restsOn },
    ...items,
  );
}

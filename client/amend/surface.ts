import { baseKeymap, chainCommands, toggleMark } from "prosemirror-commands";
import { history, redo, undo } from "prosemirror-history";
import { InputRule, inputRules, undoInputRule } from "prosemirror-inputrules";
import { keymap } from "prosemirror-keymap";
import { Fragment, Slice, type Node } from "prosemirror-model";
import { liftListItem, splitListItem } from "prosemirror-schema-list";
import { EditorState, Plugin, PluginKey, Selection, type Command, type Transaction } from "prosemirror-state";
import { Decoration, DecorationSet, EditorView } from "prosemirror-view";

import { kindOf } from "../editor/clauses";
import { hardBreak, newParagraph } from "../editor/commands";
import { placeholders } from "../editor/messages";
import { asContent, asHtml, isOurs } from "../editor/paste";
import { recordableInput } from "../editor/recordable";
import { schema } from "../editor/schema";
import { commonStart, rules } from "../editor/typesetting";
import { readHtml } from "../pasting/html";
import { readText } from "../pasting/text";
import { element } from "../shared/element";
import { Preference } from "../shared/preferences";
import * as messages from "./messages";
import { firstPlace, reworded, textOf, tokensOf, type Reworded, type Token } from "./tokens";

export interface Surface {
  place: HTMLElement;
  /** The frozen text, and the text to start with. */
  before: Node;
  now: Node;
  label: string;
  /** Marks the words that were adopted so far, where there are any. */
  adopted?: Plugin | null;
  changed: (view: EditorView) => void;
  openCitations: () => void;
}

interface Comparison {
  before: Token[];
  found: Reworded[];
}

const key = new PluginKey<Comparison>("amendment");
const { clause, paragraph, list_item: listItem, title } = schema.nodes;

/** Mounts the motion's editor on the frozen words; every difference from them is marked while typing. */
export function mountAmendment({ place, before, now, label, adopted, changed, openCitations }: Surface): EditorView {
  const isTitle = now.firstChild?.type === title;
  const view = new EditorView(place, {
    state: EditorState.create({
      doc: now,
      plugins: [
        ...(new Preference("typography", true).value ? [typography()] : []),
        ...keys(openCitations, isTitle),
        history(),
        pasting(isTitle),
        recordableInput(),
        marking(before, label),
        ...(adopted ? [adopted] : []),
        new Plugin({ view: () => ({ update: changed }) }),
      ],
    }),
    attributes: {
      role: "textbox",
      "aria-multiline": String(!isTitle),
      "aria-label": messages.field(label),
      "aria-describedby": adopted ? "amend-help deja-adopte" : "amend-help",
      spellcheck: "true",
      class: "draft draft--amendment",
      lang: "fr",
    },
  });
  return view;
}

/** Applies French typography while typing; Backspace right after undoes it. */
const typography = (): Plugin =>
  inputRules({
    rules: rules.map(
      ({ pattern, write }) =>
        new InputRule(pattern, (state, match, start, end) => {
          const written = write(match);
          if (written === null) return null;
          const kept = commonStart(written, match[0].slice(0, end - start));
          return state.tr.insertText(written.slice(kept), start + kept, end);
        }),
    ),
  });

/** The differences from the frozen text. */
export const changesIn = (state: EditorState): Reworded[] => key.getState(state)?.found ?? [];

const always =
  (command: Command): Command =>
  (state, dispatch, view) => {
    command(state, dispatch, view);
    return true;
  };

/** Moves the focus between nested fields, which browsers do not do by themselves. */
const going =
  (where: (doc: Node) => Selection): Command =>
  (state, dispatch) => {
    dispatch?.(state.tr.setSelection(where(state.doc)).scrollIntoView());
    return true;
  };

function keys(openCitations: () => void, isTitle: boolean): Plugin[] {
  const cite = (): boolean => (openCitations(), true);
  const paragraphs = chainCommands(splitListItem(listItem), liftListItem(listItem), newParagraph);
  const shared = {
    Backspace: undoInputRule,
    "Mod-z": always(undo),
    "Mod-y": always(redo),
    "Shift-Mod-z": always(redo),
    "Mod-Home": going(Selection.atStart),
    "Mod-End": going(Selection.atEnd),
  };
  const inTitle = { Enter: (): boolean => true, "Shift-Enter": (): boolean => true };
  const inClause = {
    Enter: paragraphs,
    "Shift-Enter": hardBreak,
    "Mod-Enter": newParagraph,
    "Mod-b": toggleMark(schema.marks.strong),
    "Mod-i": toggleMark(schema.marks.em),
    "Mod-Alt-c": cite,
  };
  return [keymap({ ...shared, ...(isTitle ? inTitle : inClause) }), keymap(baseKeymap)];
}

/** Pasted content stays in the passage: paragraphs and lists, in a title words only. */
const pasting = (isTitle: boolean): Plugin =>
  new Plugin({
    props: {
      transformPastedHTML: (html) => (isOurs(html) ? html : asHtml(asContent(readHtml(html)))),
      clipboardTextParser: (text, _context, plain) => asContent(readText(text, plain)),
      transformPasted: (slice) => (isTitle ? oneLine(slice) : withoutClauses(slice)),
    },
  });

function oneLine(slice: Slice): Slice {
  const words = slice.content.textBetween(0, slice.content.size, " ", " ").replace(/[ \t\n]+/g, " ");
  return new Slice(words.trim() ? Fragment.from(schema.text(words)) : Fragment.empty, 0, 0);
}

function withoutClauses(slice: Slice): Slice {
  const blocks = slice.content.content;
  if (!blocks.some((node) => node.type === clause || node.type === title)) return slice;
  const freed = blocks.flatMap((node): readonly Node[] => {
    if (node.type === clause) return node.children;
    return [node.type === title ? paragraph.create(null, node.content) : node];
  });
  return new Slice(Fragment.from(freed), Math.max(0, slice.openStart - 1), Math.max(0, slice.openEnd - 1));
}

function marking(before: Node, label: string): Plugin<Comparison> {
  const tokens = tokensOf(before);
  const compare = (doc: Node): Comparison => ({ before: tokens, found: reworded(tokens, doc) });
  return new Plugin<Comparison>({
    key,
    state: {
      init: (_config, state) => compare(state.doc),
      apply: (tr, old) => (tr.docChanged ? compare(tr.doc) : old),
    },
    props: {
      decorations: (state) =>
        DecorationSet.create(state.doc, [...labels(state.doc, label), ...changesIn(state).flatMap(marked)]),
    },
  });
}

function labels(doc: Node, label: string): Decoration[] {
  const first = doc.firstChild;
  if (first?.type !== clause) return [];
  const block = first.firstChild;
  const empty = first.childCount === 1 && block?.type === paragraph && block.content.size === 0;
  const hint = { class: "is-empty", "data-placeholder": placeholders[kindOf(first)] };
  return [
    Decoration.node(0, first.nodeSize, { "data-label": label }),
    ...(empty ? [Decoration.node(1, 1 + block.nodeSize, hint)] : []),
  ];
}

function marked(change: Reworded): Decoration[] {
  const found: Decoration[] = [];
  if (change.gone.length) found.push(struck(change));
  for (const token of change.come) {
    if (token.boundary) found.push(sign(token));
  }
  if (change.to > change.from) {
    found.push(Decoration.inline(change.from, change.to, { nodeName: "ins", class: "come" }));
  }
  return found;
}

/** Shows deleted words at their place; they are not part of the text. */
function struck({ gone, from }: Reworded): Decoration {
  const words = textOf(gone);
  const make = (): HTMLElement => element("del", { class: "gone", contenteditable: "false" }, words);
  return Decoration.widget(from, make, { side: -1, key: `gone ${words}`, ignoreSelection: true, marks: [] });
}

/** Marks the start of a new paragraph. */
function sign({ to }: Token): Decoration {
  const make = (): HTMLElement => element("span", { class: "come come--sign", contenteditable: "false" }, "¶");
  return Decoration.widget(to, make, { side: -1, key: "sign", ignoreSelection: true, marks: [] });
}

/**
 * The transaction that restores the frozen words of one change; null if it would not reduce the number of changes, for
 * example after paragraphs became a list.
 */
export function restoring(state: EditorState, before: Node, change: Reworded): Transaction | null {
  const { gone, from, to } = change;
  const [first, last] = [gone[0], gone.at(-1)];
  const { tr } = state;
  if (first && last) tr.replace(from, to, before.slice(first.from, last.to));
  else tr.delete(from, to);
  return changesIn(state.apply(tr)).length < changesIn(state).length ? tr.scrollIntoView() : null;
}

/** Replaces the document; this can be undone. */
export function replaceAll(view: EditorView, doc: Node): void {
  const { tr } = view.state;
  tr.replaceWith(0, tr.doc.content.size, doc.content);
  view.dispatch(tr.setSelection(Selection.near(tr.doc.resolve(firstPlace(tr.doc)))));
}

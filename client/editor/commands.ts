import type { Node } from "prosemirror-model";
import { liftListItem, wrapInList } from "prosemirror-schema-list";
import {
  NodeSelection,
  Selection,
  TextSelection,
  type Command,
  type EditorState,
  type Transaction,
} from "prosemirror-state";

import { recordable } from "../shared/characters";
import { randomId } from "../shared/identifiers";
import { cited, clauseAround, clauseOf, kindOf } from "./clauses";
import { clause, safeLink, schema, type Kind } from "./schema";

const { bullet_list: bulletList, ordered_list: orderedList, list_item: listItem, paragraph, title } = schema.nodes;

const isClause = (node: Node | null | undefined): node is Node => node?.type === schema.nodes.clause;

/** Whether a clause is a single empty paragraph. */
const isEmpty = (node: Node): boolean => node.childCount <= 1 && node.firstChild?.content.size === 0;

/**
 * Enter: splits the clause at the cursor; the first part keeps the id.
 *
 * At the very start, an empty clause is inserted before it instead, so that the words keep their id.
 */
export const splitClause: Command = (state, dispatch) => {
  const { $from } = state.selection;
  if ($from.node(1)?.type === title) return afterTitle(state, dispatch);
  const around = clauseAround($from);
  if (!around || $from.depth !== 2) return false;
  if (dispatch) dispatch(split(state, around.pos, around.node).scrollIntoView());
  return true;
};

function split(state: EditorState, pos: number, node: Node): Transaction {
  const tr = state.tr.deleteSelection();
  const { $from } = tr.selection;
  const fresh = { type: node.type, attrs: { id: randomId(), kind: kindAfter(tr.doc, $from.index(0)) } };
  const atStart = $from.parentOffset === 0 && $from.index(1) === 0 && !isEmpty($from.node(1));
  if (atStart) return tr.insert(pos, clause(randomId(), kindOf(node)));
  const blankEnd = $from.parent.content.size === 0 && $from.index(1) === $from.node(1).childCount - 1;
  if (blankEnd && $from.node(1).childCount > 1) return leaveBlank(tr, kindAfter(tr.doc, $from.index(0)));
  return tr.split($from.pos, 2, [fresh, { type: paragraph }]);
}

/** The kind of what is written next: after a heading or a note, that of the clauses around it. */
function kindAfter(doc: Node, index: number): Kind {
  const around = [doc.child(index), doc.maybeChild(index + 1), ...doc.children.slice(0, index).reverse()];
  const kinds = around.filter(isClause).map(kindOf);
  return kinds.find((kind) => kind !== "intertitre" && kind !== "note") ?? "considerant";
}

/** An empty paragraph at the end of a clause becomes the next clause. */
function leaveBlank(tr: Transaction, kind: Kind): Transaction {
  const { $from } = tr.selection;
  const after = $from.after(1);
  tr.insert(after, clause(randomId(), kind));
  tr.delete($from.before(), $from.after());
  return tr.setSelection(Selection.near(tr.doc.resolve(tr.mapping.slice(tr.steps.length - 1).map(after) + 2)));
}

function afterTitle(state: EditorState, dispatch?: (tr: Transaction) => void): boolean {
  const tr = state.tr.deleteSelection();
  const { $from } = tr.selection;
  const rest = $from.parent.textBetween($from.parentOffset, $from.parent.content.size);
  const next = tr.doc.maybeChild($from.index(0) + 1);
  tr.delete($from.pos, $from.end());
  const after = tr.selection.$from.after(1);
  if (rest || !isClause(next) || !isEmpty(next)) {
    const words = rest ? [schema.node("paragraph", null, schema.text(rest))] : undefined;
    tr.insert(after, clause(randomId(), isClause(next) ? kindOf(next) : "visa", words));
  }
  dispatch?.(tr.setSelection(Selection.near(tr.doc.resolve(after + 2))).scrollIntoView());
  return true;
}

/** Backspace at the start of a clause: joins it to the one before, which keeps its id. */
export const mergeBackward: Command = (state, dispatch) => {
  const { $cursor } = state.selection as TextSelection;
  if (!$cursor || $cursor.parentOffset > 0) return false;
  if ($cursor.parent.type === title) return true;
  const around = clauseAround($cursor);
  if (!around || $cursor.depth !== 2 || $cursor.index(1) > 0) return false;
  if (dispatch) dispatchIfChanged(merge(state.tr, around.pos), dispatch);
  return true;
};

/** Delete at the end of a clause: joins the next one to it. */
export const mergeForward: Command = (state, dispatch) => {
  const { $cursor } = state.selection as TextSelection;
  if (!$cursor || $cursor.parentOffset < $cursor.parent.content.size) return false;
  if ($cursor.parent.type === title) return true;
  const around = clauseAround($cursor);
  if (!around || $cursor.pos + $cursor.depth - 1 !== around.pos + around.node.nodeSize - 1) return false;
  const boundary = around.pos + around.node.nodeSize;
  if (!isClause(state.doc.nodeAt(boundary))) return true;
  if (dispatch) dispatchIfChanged(merge(state.tr, boundary), dispatch);
  return true;
};

function dispatchIfChanged(tr: Transaction, dispatch: (tr: Transaction) => void): void {
  if (tr.docChanged) dispatch(tr.scrollIntoView());
}

/** Joins the clause that begins at `boundary` to the one before. If one of the two is empty it is just deleted. */
function merge(tr: Transaction, boundary: number): Transaction {
  const $boundary = tr.doc.resolve(boundary);
  const before = $boundary.nodeBefore;
  const after = $boundary.nodeAfter;
  if (!after) return tr;
  if (!isClause(before)) return isEmpty(after) && tr.doc.childCount > 2 ? removeEmpty(tr, boundary, after) : tr;
  if (isEmpty(after)) return removeEmpty(tr, boundary, after);
  if (isEmpty(before)) return tr.delete(boundary - before.nodeSize, boundary);
  const both = before.lastChild?.type === paragraph && after.firstChild?.type === paragraph;
  return tr.join(boundary, both ? 2 : 1);
}

function removeEmpty(tr: Transaction, pos: number, node: Node): Transaction {
  tr.delete(pos, pos + node.nodeSize);
  return tr.setSelection(Selection.near(tr.doc.resolve(pos), -1));
}

/** Ctrl-Enter: another paragraph in the same clause. */
export const newParagraph: Command = (state, dispatch) => {
  const { $from } = state.selection;
  if (!clauseAround($from) || !$from.parent.isTextblock) return false;
  const tr = state.tr.deleteSelection();
  dispatch?.(tr.split(tr.selection.from).scrollIntoView());
  return true;
};

export const hardBreak: Command = (state, dispatch) => {
  if (!clauseAround(state.selection.$from)) return true;
  dispatch?.(state.tr.replaceSelectionWith(schema.node("hard_break")).scrollIntoView());
  return true;
};

/** Moves the clause of the cursor before (-1) or after (1) its neighbour. */
export const moveClause =
  (direction: -1 | 1): Command =>
  (state, dispatch) => {
    const around = clauseAround(state.selection.$from);
    if (!around) return false;
    const neighbour = state.doc.maybeChild(around.index + direction);
    if (!isClause(neighbour)) return false;
    const { tr } = state;
    const end = around.pos + around.node.nodeSize;
    if (direction < 0) tr.insert(end, neighbour).delete(around.pos - neighbour.nodeSize, around.pos);
    else tr.delete(end, end + neighbour.nodeSize).insert(around.pos, neighbour);
    dispatch?.(tr.scrollIntoView());
    return true;
  };

/** Puts the clause of that id before another one, or at the end. False when it would stay where it is. */
export const moveClauseBefore =
  (id: string, before: string | null): Command =>
  (state, dispatch) => {
    const found = clauseOf(state.doc, id);
    const target = before === null ? null : clauseOf(state.doc, before);
    if (!found || (before !== null && !target)) return false;
    const to = target?.pos ?? state.doc.content.size;
    const end = found.pos + found.node.nodeSize;
    if (to === found.pos || to === end) return false;
    const tr = state.tr.insert(to, found.node);
    const from = tr.mapping.map(found.pos, 1);
    tr.delete(from, from + found.node.nodeSize);
    const at = clauseOf(tr.doc, id)?.pos ?? 0;
    dispatch?.(tr.setSelection(Selection.near(tr.doc.resolve(at + 1))).scrollIntoView());
    return true;
  };

/** Sets the kind of every clause that the selection touches. */
export const setKind =
  (kind: Kind): Command =>
  (state, dispatch) => {
    const { from, to } = state.selection;
    const { tr } = state;
    state.doc.forEach((node, pos) => {
      const touched = isClause(node) && pos < to + 1 && pos + node.nodeSize > from;
      if (touched && node.attrs["kind"] !== kind) tr.setNodeAttribute(pos, "kind", kind);
    });
    if (!clauseAround(state.selection.$from) && !tr.docChanged) return false;
    if (tr.docChanged) dispatch?.(tr);
    return true;
  };

export const setAddressee =
  (addressee: string): Command =>
  (state, dispatch) => {
    const around = clauseAround(state.selection.$from);
    if (!around) return false;
    dispatch?.(state.tr.setNodeAttribute(around.pos, "addressee", recordable(addressee).trim() || null));
    return true;
  };

/** Puts the cursor into the clause of that id. */
export const selectClause =
  (id: string): Command =>
  (state, dispatch) => {
    const found = clauseOf(state.doc, id);
    if (!found) return false;
    const around = clauseAround(state.selection.$from);
    if (around?.pos === found.pos) return true;
    dispatch?.(state.tr.setSelection(Selection.near(state.doc.resolve(found.pos + 1))));
    return true;
  };

/** Adds an empty clause after that of the cursor. */
export const addClauseAfter: Command = (state, dispatch) => {
  const around = clauseAround(state.selection.$from);
  if (!around) return false;
  const after = around.pos + around.node.nodeSize;
  const tr = state.tr.insert(after, clause(randomId(), kindAfter(state.doc, around.index)));
  dispatch?.(tr.setSelection(Selection.near(tr.doc.resolve(after + 1))).scrollIntoView());
  return true;
};

export const deleteClause: Command = (state, dispatch) => {
  const around = clauseAround(state.selection.$from);
  if (!around) return false;
  const tr = state.tr.delete(around.pos, around.pos + around.node.nodeSize);
  dispatch?.(
    tr.setSelection(Selection.near(tr.doc.resolve(Math.min(around.pos, tr.doc.content.size)), 1)).scrollIntoView(),
  );
  return true;
};

export const inList = (state: EditorState, type: "bullet_list" | "ordered_list"): boolean => {
  const { $from } = state.selection;
  return $from.depth > 2 && $from.node(2).type === schema.nodes[type];
};

/** Makes a list of the paragraphs selected, turns one kind of list into the other, or takes the items out of it. */
export const toggleList =
  (type: "bullet_list" | "ordered_list"): Command =>
  (state, dispatch) => {
    const { $from } = state.selection;
    if (inList(state, type)) return liftListItem(listItem)(state, dispatch);
    const other = type === "bullet_list" ? orderedList : bulletList;
    if ($from.depth > 2 && $from.node(2).type === other) {
      dispatch?.(state.tr.setNodeMarkup($from.before(2), schema.nodes[type]));
      return true;
    }
    return clauseAround($from) ? wrapInList(schema.nodes[type])(state, dispatch) : false;
  };

/** Inserts a citation at the cursor, or at the end of the clause if something is selected. */
export const cite =
  (excerpt: string): Command =>
  (state, dispatch) => {
    const { $to } = state.selection;
    if (!clauseAround($to) || !$to.parent.inlineContent) return false;
    const { tr } = state;
    tr.insert($to.pos, schema.node("citation", { excerpt }));
    dispatch?.(tr.setSelection(TextSelection.create(tr.doc, $to.pos + 1)).scrollIntoView());
    return true;
  };

/** Inserts a citation at the end of a clause, before its final punctuation. */
export const citeIn =
  (id: string, excerpt: string): Command =>
  (state, dispatch) => {
    const found = clauseOf(state.doc, id);
    if (!found || cited(found.node).includes(excerpt)) return false;
    let end: number | null = null;
    found.node.descendants((node, pos) => {
      if (!node.isTextblock) return true;
      const closing = /[\s\u00a0\u202f]*[.;:,!?…]*[\s\u00a0\u202f]*$/.exec(node.textContent)?.[0].length ?? 0;
      const last = node.lastChild?.isText ? Math.min(closing, node.lastChild.nodeSize) : 0;
      end = found.pos + 1 + pos + node.nodeSize - 1 - last;
      return false;
    });
    if (end === null) return false;
    const tr = state.tr.insert(end, schema.node("citation", { excerpt }));
    dispatch?.(tr.setSelection(TextSelection.create(tr.doc, end + 1)).scrollIntoView());
    return true;
  };

/** Links the selection, or removes links if `href` is empty. */
export const setLink =
  (href: string): Command =>
  (state, dispatch) => {
    const { from, to, empty } = state.selection;
    if (empty || state.selection instanceof NodeSelection || (href && !safeLink(href))) return false;
    const tr = state.tr.removeMark(from, to, schema.marks.link);
    if (href) tr.addMark(from, to, schema.marks.link.create({ href: href.trim() }));
    dispatch?.(tr);
    return true;
  };

/** Describes the first clause of the selection for the toolbar: its kind and addressee. */
export function present(state: EditorState): { kind: Kind; addressee: string } | null {
  const around = clauseAround(state.selection.$from);
  return around && { kind: kindOf(around.node), addressee: String(around.node.attrs["addressee"] ?? "") };
}

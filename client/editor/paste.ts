import { DOMSerializer, Fragment, Slice, type Node } from "prosemirror-model";
import { Plugin, TextSelection } from "prosemirror-state";
import type { EditorView } from "prosemirror-view";

import { announcedBy, beginsClause } from "../pasting/formulas";
import { readHtml } from "../pasting/html";
import { nodesOf } from "../pasting/nodes";
import { textOf, type Block } from "../pasting/structure";
import { readText } from "../pasting/text";
import { randomId } from "../shared/identifiers";
import { clauseAround, idOf, kindOf } from "./clauses";
import { clause, schema, type Kind } from "./schema";

/** Whether HTML was copied from a Plénière editor: ProseMirror parses it itself. */
export const isOurs = (html: string): boolean =>
  /\sdata-pm-slice=/.test(html) && (/\sdata-(?:kind|title)\b/.test(html) || /(?:"|&quot;)(?:clause|title)(?:"|&quot;)/.test(html));

/** The place of a paste: the kind of the clause there, and whether it is empty. */
export interface Place {
  kind: Kind;
  isEmpty: boolean;
}

interface Group {
  kind: Kind;
  blocks: Block[];
}

/**
 * Pasted content as clauses, divided by formulas such as "Considérant": headings and notes are clauses of their own,
 * lists and tables belong to the paragraph before. A single paragraph or list goes into the clause of the cursor.
 */
export function asClauses(blocks: readonly Block[], place: Place): Slice {
  const groups = grouped(blocks.flatMap(freed), place.kind);
  if (groups.length < 2 && !isClauseAlone(groups[0], place)) return asContent(blocks);
  return new Slice(Fragment.from(groups.map((group) => clause(randomId(), group.kind, nodesOf(group.blocks)))), 0, 0);
}

/** Paragraphs and lists to insert into a clause; the first and last paragraph join those around. */
export function asContent(blocks: readonly Block[]): Slice {
  const nodes = nodesOf(blocks);
  const isOpen = (node: Node | undefined): number => (node?.isTextblock ? 1 : 0);
  return new Slice(Fragment.from(nodes), isOpen(nodes[0]), isOpen(nodes.at(-1)));
}

/** One clause is made of what begins with a formula and has a list below it, or is pasted where nothing is written. */
function isClauseAlone(group: Group | undefined, place: Place): boolean {
  const [first, ...rest] = group?.blocks ?? [];
  return first?.kind === "paragraph" && announcedBy(textOf(first.runs)) !== null && (place.isEmpty || rest.length > 0);
}

/** Items that are clauses, such as « - Vu la loi », become paragraphs without their bullets. */
function freed(block: Block): Block {
  const isClause = block.kind === "item" && !block.ordered && block.level === 1 && beginsClause(textOf(block.runs));
  return isClause ? { kind: "paragraph", runs: block.runs, tight: block.tight } : block;
}

function grouped(blocks: readonly Block[], kind: Kind): Group[] {
  const groups: Group[] = [];
  for (const block of blocks) {
    const last = groups.at(-1);
    if (last && belongs(block, last)) last.blocks.push(block);
    else groups.push({ kind: kindOfBlock(block, last && !isAlone(last.kind) ? last.kind : kind), blocks: [block] });
  }
  return groups;
}

/** Whether a block is part of the clause before it. */
function belongs(block: Block, { kind, blocks }: Group): boolean {
  const before = blocks.at(-1);
  if (block.kind === "row") return before?.kind === "row" ? block.tight : !isAlone(kind);
  if (block.kind === "paragraph") return endsOpen(blocks[0]) && /^\p{Ll}/u.test(textOf(block.runs));
  if (block.kind !== "item") return false;
  if (before?.kind === "item" || block.more) return true;
  return !isAlone(kind) && (endsOpen(before) || !beginsClause(textOf(block.runs)));
}

/** Whether a paragraph announces what follows: "Demande :". */
const endsOpen = (block: Block | undefined): boolean => block?.kind === "paragraph" && /:\s*$/.test(textOf(block.runs));

const isAlone = (kind: Kind): boolean => kind === "intertitre" || kind === "note";

function kindOfBlock(block: Block, kind: Kind): Kind {
  if (block.kind === "heading") return "intertitre";
  if (block.kind === "note") return "note";
  return (block.kind === "row" ? null : announcedBy(textOf(block.runs))) ?? (isAlone(kind) ? "demande" : kind);
}

/** Clauses keep their id if the document has none with it (they were cut), and get a new one otherwise. */
export function withOwnIds(slice: Slice, present: ReadonlySet<string>): Slice {
  const taken = new Set(present);
  const own = (node: Node): Node => {
    if (node.type !== schema.nodes.clause) return node;
    const id = idOf(node) && !taken.has(idOf(node)) ? idOf(node) : randomId();
    taken.add(id);
    return node.type.create({ ...node.attrs, id }, node.content);
  };
  return new Slice(Fragment.from(slice.content.content.map(own)), slice.openStart, slice.openEnd);
}

/** A slice as HTML in ProseMirror's clipboard format, so that it is parsed back unchanged. */
export function asHtml(slice: Slice): string {
  const holder = document.createElement("div");
  holder.append(DOMSerializer.fromSchema(schema).serializeFragment(slice.content));
  holder.firstElementChild?.setAttribute("data-pm-slice", `${slice.openStart} ${slice.openEnd} []`);
  return holder.innerHTML;
}

const idsIn = (doc: Node): Set<string> => new Set(doc.children.map(idOf).filter((id) => id));

function placeOf(view: EditorView): Place {
  const around = clauseAround(view.state.selection.$from);
  return { kind: around ? kindOf(around.node) : "visa", isEmpty: around !== null && isUnwritten(around.node) };
}

const isUnwritten = (node: Node): boolean => node.childCount <= 1 && (node.firstChild?.content.size ?? 0) === 0;

/** A clause moved within the text keeps its id; a copied one gets a new one. */
function transformPasted(slice: Slice, view: EditorView): Slice {
  const areClauses = slice.content.content.every((node) => node.type === schema.nodes.clause);
  return areClauses && !view.dragging?.move ? withOwnIds(slice, idsIn(view.state.doc)) : slice;
}

/** Inserts whole clauses after the clause of the cursor, or in its place if it is empty, never inside another. */
export function insertClauses(view: EditorView, slice: Slice): boolean {
  if (slice.openStart > 0 || slice.content.firstChild?.type !== schema.nodes.clause) return false;
  const { tr } = view.state;
  tr.deleteSelection();
  const { $from } = tr.selection;
  const around = clauseAround($from);
  const replaced = around !== null && isUnwritten(around.node);
  const at = replaced ? around.pos : $from.depth > 0 ? $from.after(1) : tr.doc.content.size;
  if (replaced) tr.replaceWith(at, at + around.node.nodeSize, slice.content);
  else tr.insert(at, slice.content);
  tr.setSelection(TextSelection.near(tr.doc.resolve(at + slice.content.size), -1));
  view.dispatch(tr.scrollIntoView().setMeta("paste", true));
  return true;
}

export const pasting = (): Plugin =>
  new Plugin({
    props: {
      transformPastedHTML: (html, view) => (isOurs(html) ? html : asHtml(asClauses(readHtml(html), placeOf(view)))),
      clipboardTextParser: (text, _context, plain, view) => asClauses(readText(text, plain), placeOf(view)),
      transformPasted,
      handlePaste: (view, _event, slice) => insertClauses(view, slice),
    },
  });

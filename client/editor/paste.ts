import { Fragment, Slice, type Node } from "prosemirror-model";
import { Plugin } from "prosemirror-state";
import type { EditorView } from "prosemirror-view";

import { randomId } from "../shared/identifiers";
import { clauseAround, idOf, kindOf } from "./clauses";
import { clause, schema, type Kind } from "./schema";

const DROPPED =
  "head, title, style, script, meta, link, xml, iframe, object, img, svg, [data-style*='mso-element:comment']";

/** What a word processor or a mail program put on the clipboard, reduced to paragraphs, lists, bold, italics and links. */
export function cleanHtml(html: string): string {
  const { body } = new DOMParser().parseFromString(withoutStyles(withoutOfficeConditions(html)), "text/html");
  body.querySelectorAll(DROPPED).forEach((each) => each.remove());
  removeComments(body);
  gatherWordLists(body);
  stylesToTags(body);
  flattenTables(body);
  body.querySelectorAll("h1, h2, h3, h4, h5, h6, dt, dd, figcaption, pre").forEach((each) => rename(each, "p"));
  body.querySelectorAll("[contenteditable=false], .clause__sources").forEach((each) => each.remove());
  return body.innerHTML;
}

/** Word hides bullets for programs without lists between `<![if !supportLists]>` and `<![endif]>`; they are letters to others. */
const withoutOfficeConditions = (html: string): string =>
  html.replace(/<!\[if !supportLists\]>[\s\S]*?<!\[endif\]>/g, "").replace(/<!\[(?:if|endif)[^>]*>/g, "");

function removeComments(body: HTMLElement): void {
  const walker = document.createTreeWalker(body, NodeFilter.SHOW_COMMENT);
  const found: ChildNode[] = [];
  while (walker.nextNode()) found.push(walker.currentNode as ChildNode);
  found.forEach((comment) => comment.remove());
}

/** Styles as data: the page's security policy has the browser ignore and report them otherwise. */
const withoutStyles = (html: string): string =>
  html.replace(/<[a-z][^>]*>/gi, (tag) => tag.replace(/\sstyle\s*=/gi, " data-style="));

/** What a style says of weight and slant becomes tags; Google Docs wraps everything in a bold that is not bold. */
function stylesToTags(body: HTMLElement): void {
  for (const styled of body.querySelectorAll<HTMLElement>("[data-style]")) {
    const style = styled.dataset["style"] ?? "";
    delete styled.dataset["style"];
    if (/font-weight:\s*(bold|[6-9]00)/i.test(style)) wrapContents(styled, "strong");
    if (/font-style:\s*italic/i.test(style)) wrapContents(styled, "em");
    if (/font-weight:\s*(normal|400)/i.test(style) && styled.matches("b, strong"))
      styled.replaceWith(...styled.childNodes);
  }
}

function wrapContents(outer: HTMLElement, tag: string): void {
  const inner = document.createElement(tag);
  inner.append(...outer.childNodes);
  outer.append(inner);
}

/** Word writes a list as paragraphs whose style names a list and a level; levels are flattened to one. */
function gatherWordLists(body: HTMLElement): void {
  for (const item of body.querySelectorAll<HTMLElement>(
    "p[data-style*='mso-list'], p.MsoListParagraph, p[class^='MsoListParagraph']",
  )) {
    item
      .querySelectorAll("[data-style*='mso-list:Ignore'], [data-style*='mso-list: Ignore']")
      .forEach((each) => each.remove());
    const marker = /^\s*(?:[·•◦▪§o\-–—]|(\d+|[a-z])[.)])[\s\u00a0]+/;
    const first = item.firstChild;
    const ordered = marker.exec(first?.textContent ?? "")?.[1] !== undefined;
    if (first?.nodeType === globalThis.Node.TEXT_NODE)
      first.textContent = (first.textContent ?? "").replace(marker, "");
    const previous = item.previousElementSibling;
    const list = previous?.hasAttribute("data-gathered") ? previous : document.createElement(ordered ? "ol" : "ul");
    list.setAttribute("data-gathered", "");
    if (list !== previous) item.before(list);
    const entry = document.createElement("li");
    entry.append(...item.childNodes);
    list.append(entry);
    item.remove();
  }
}

/** A row becomes a paragraph, its cells set apart by a dash. */
function flattenTables(body: HTMLElement): void {
  for (const row of body.querySelectorAll("tr")) {
    const cells = [...row.querySelectorAll("td, th")]
      .map((cell) => cell.textContent?.trim() ?? "")
      .filter((text) => text);
    const line = document.createElement("p");
    line.textContent = cells.join(" — ");
    (row.closest("table") as Element).before(line);
  }
  body.querySelectorAll("table").forEach((table) => table.remove());
}

function rename(old: Element, tag: string): void {
  const made = document.createElement(tag);
  made.append(...old.childNodes);
  old.replaceWith(made);
}

/** The kind that the first word of a paragraph announces. */
export function kindOfOpening(text: string): Kind | null {
  const opening = text.trim();
  if (/^vue?s?\b/i.test(opening)) return "visa";
  if (/^(?:considérant|constatant|rappelant|attendu|soulignant)(?![\p{L}])/iu.test(opening)) return "considerant";
  if (/^(?:demande|invite|exige|appelle|souhaite|réclame)(?:nt)?(?![\p{L}])/iu.test(opening)) return "demande";
  return null;
}

/**
 * Several pasted paragraphs become as many clauses; a list stays with the paragraph before it. Clauses keep their id when
 * the document has no clause of that id (they were cut), and get a new one otherwise (they were copied).
 */
export function asClauses(slice: Slice, kind: Kind, present: ReadonlySet<string>): Slice {
  const blocks = slice.content.content;
  if (blocks.some((node) => node.type === schema.nodes.clause)) return withOwnIds(slice, present);
  const paragraphs = blocks.filter((node) => node.isTextblock && node.content.size > 0).length;
  if (paragraphs < 2 || blocks.some((node) => !node.isBlock)) return slice;
  const clauses = grouped(blocks).map((group) =>
    clause(randomId(), kindOfOpening(group[0]?.textContent ?? "") ?? kind, group),
  );
  return new Slice(Fragment.from(clauses), 0, 0);
}

function grouped(blocks: readonly Node[]): Node[][] {
  const groups: Node[][] = [];
  for (const block of blocks) {
    if (block.isTextblock && block.content.size === 0) continue;
    const words = block.type === schema.nodes.title ? schema.node("paragraph", null, block.content) : block;
    const last = groups.at(-1);
    if (block.isTextblock || !last) groups.push([words]);
    else last.push(words);
  }
  return groups;
}

function withOwnIds(slice: Slice, present: ReadonlySet<string>): Slice {
  const taken = new Set(present);
  const own = (node: Node): Node => {
    if (node.type !== schema.nodes.clause) return node;
    const id = idOf(node) && !taken.has(idOf(node)) ? idOf(node) : randomId();
    taken.add(id);
    return node.type.create({ ...node.attrs, id }, node.content);
  };
  return new Slice(Fragment.from(slice.content.content.map(own)), slice.openStart, slice.openEnd);
}

const idsIn = (doc: Node): Set<string> => new Set(doc.children.map(idOf).filter((id) => id));

function transformPasted(slice: Slice, view: EditorView): Slice {
  if (view.dragging?.move) return slice;
  const around = clauseAround(view.state.selection.$from);
  return asClauses(slice, around ? kindOf(around.node) : "visa", idsIn(view.state.doc));
}

/** Whole clauses are put after the clause of the cursor, or in its place when it is empty, never into one another. */
export function insertClauses(view: EditorView, slice: Slice): boolean {
  if (slice.openStart > 0 || slice.content.firstChild?.type !== schema.nodes.clause) return false;
  const { tr } = view.state;
  tr.deleteSelection();
  const { $from } = tr.selection;
  const around = clauseAround($from);
  if (around && around.node.textContent === "" && around.node.childCount <= 1) {
    tr.replaceWith(around.pos, around.pos + around.node.nodeSize, slice.content);
  } else {
    tr.insert($from.depth > 0 ? $from.after(1) : tr.doc.content.size, slice.content);
  }
  view.dispatch(tr.scrollIntoView().setMeta("paste", true));
  return true;
}

export const pasting = (): Plugin =>
  new Plugin({
    props: {
      transformPastedHTML: cleanHtml,
      transformPasted,
      handlePaste: (view, _event, slice) => insertClauses(view, slice),
    },
  });

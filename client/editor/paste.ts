import { Fragment, Slice, type Node } from "prosemirror-model";
import { Plugin } from "prosemirror-state";
import type { EditorView } from "prosemirror-view";

import { randomId } from "../shared/identifiers";
import { clauseAround, idOf, kindOf } from "./clauses";
import { clause, schema, type Kind } from "./schema";

const DROPPED = [
  "head, title, style, script, meta, link, xml, iframe, object, img, svg",
  "[data-style*='mso-element:comment'], .MsoCommentReference",
  // Calls of footnotes: the notes themselves become explanatory notes.
  "a[href^='#_ftn'], a[href^='#sdfootnote'], .sdfootnoteanc, .sdfootnotesym",
  // What mail programs put around what people write.
  ".gmail_attr, .gmail_signature, .moz-cite-prefix, .moz-signature, #divRplyFwdMsg, #appendonsend",
].join(", ");

/** What a word processor or a mail program put on the clipboard, reduced to what a motion is made of. */
export function cleanHtml(html: string): string {
  const { body } = new DOMParser().parseFromString(withoutStyles(withoutOfficeConditions(html)), "text/html");
  body.querySelectorAll(DROPPED).forEach((each) => each.remove());
  removeComments(body);
  gatherWordLists(body);
  stylesToTags(body);
  flattenTables(body);
  body.querySelectorAll(HEADINGS).forEach((each) => enclose(each, "intertitre"));
  body.querySelectorAll(NOTES).forEach((each) => enclose(each, "note"));
  body.querySelectorAll("dt, dd, figcaption, pre").forEach((each) => rename(each, "p"));
  body.querySelectorAll("blockquote").forEach((each) => each.replaceWith(...each.childNodes));
  body.querySelectorAll("[contenteditable=false], .clause__sources").forEach((each) => each.remove());
  divisionsToParagraphs(body);
  body.querySelectorAll("p > br:last-child").forEach((each) => {
    if (!each.nextSibling) each.remove();
  });
  return body.innerHTML;
}

const HEADINGS = "h1:not([data-title]), h2, h3, h4, h5, h6, p.MsoTitle, p[class^='MsoHeading']";
const NOTES = "p.MsoFootnoteText, p.MsoEndnoteText, p.sdfootnote, p.sdendnote";

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

/** Word writes a list as paragraphs whose style names a list and a level. */
function gatherWordLists(body: HTMLElement): void {
  const open: HTMLElement[] = [];
  for (const item of body.querySelectorAll<HTMLElement>(WORD_ITEMS)) {
    const level = Number(/level(\d)/.exec(item.dataset["style"] ?? "")?.[1] ?? 1);
    const ordered = takeMarker(item);
    if (item.previousElementSibling !== open[0]) open.length = 0;
    open.length = Math.min(open.length, level);
    if (open.length < level) open.push(beginList(item, open.at(-1), ordered));
    const entry = document.createElement("li");
    entry.append(...item.childNodes);
    open.at(-1)?.append(entry);
    item.remove();
  }
}

const WORD_ITEMS = "p[data-style*='mso-list'], p.MsoListParagraph, p[class^='MsoListParagraph']";
const MARKER = /^\s*(?:[·•◦▪§o\-–—]|(\d+|[a-z])[.)])[\s\u00a0]+/;

/** Takes the bullet or number off an item; whether it was a number. */
function takeMarker(item: HTMLElement): boolean {
  let marker = "";
  item.querySelectorAll("[data-style*='mso-list:Ignore'], [data-style*='mso-list: Ignore']").forEach((each) => {
    marker += `${each.textContent ?? ""} `;
    each.remove();
  });
  const first = item.firstChild;
  const text = first?.nodeType === globalThis.Node.TEXT_NODE ? (first.textContent ?? "") : "";
  if (!marker && MARKER.test(text) && first) {
    marker = text;
    first.textContent = text.replace(MARKER, "");
  }
  return MARKER.exec(marker.trimStart())?.[1] !== undefined;
}

function beginList(item: HTMLElement, outer: HTMLElement | undefined, ordered: boolean): HTMLElement {
  const list = document.createElement(ordered ? "ol" : "ul");
  if (outer) (outer.lastElementChild ?? outer).append(list);
  else item.before(list);
  return list;
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

const BLOCKS = "p, div, ul, ol, section";

/** Mail programs write lines as divisions, often within each other and beside loose words. */
function divisionsToParagraphs(parent: Element): void {
  const children = [...parent.childNodes];
  if (!children.some(isBlock)) return;
  let loose: globalThis.Node[] = [];
  const gather = (before: globalThis.Node | null): void => {
    const words = document.createElement("p");
    words.append(...loose);
    loose = [];
    if (words.textContent?.trim()) parent.insertBefore(words, before);
  };
  for (const child of children) {
    if (!isBlock(child)) {
      loose.push(child);
      continue;
    }
    gather(child);
    if (!(child instanceof HTMLDivElement)) continue;
    divisionsToParagraphs(child);
    if ([...child.childNodes].some(isBlock)) child.replaceWith(...child.childNodes);
    else rename(child, "p");
  }
  gather(null);
}

const isBlock = (node: globalThis.Node): node is Element => node instanceof Element && node.matches(BLOCKS);

/** A paragraph that is a clause of that kind by itself. */
function enclose(old: Element, kind: Kind): void {
  const words = document.createElement("p");
  words.append(...old.childNodes);
  const section = document.createElement("section");
  section.dataset["kind"] = kind;
  section.append(words);
  if (words.textContent?.trim()) old.replaceWith(section);
  else old.remove();
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
  const blocks = slice.content.content.filter((node) => !node.isTextblock || node.content.size > 0);
  if (blocks.length > 0 && blocks.every(isOwnClause)) return withOwnIds(slice, present);
  if (blocks.some((node) => !node.isBlock)) return slice;
  const [only] = blocks;
  if (blocks.length === 1 && only?.type === schema.nodes.clause) return new Slice(only.content, 1, 1);
  if (blocks.filter((node) => node.type !== bulletList && node.type !== orderedList).length < 2) return slice;
  const clauses = grouped(blocks).map((group) => madeClause(group, kind));
  return withOwnIds(new Slice(Fragment.from(clauses), 0, 0), present);
}

const { bullet_list: bulletList, ordered_list: orderedList } = schema.nodes;

/** A clause that comes from an editor of ours. */
const isOwnClause = (node: Node): boolean => node.type === schema.nodes.clause && idOf(node) !== "";

function madeClause(group: Node[], kind: Kind): Node {
  const [first] = group;
  if (first?.type === schema.nodes.clause) return first;
  return clause(randomId(), kindOfOpening(first?.textContent ?? "") ?? kind, group);
}

function grouped(blocks: readonly Node[]): Node[][] {
  const groups: Node[][] = [];
  for (const block of blocks) {
    const words = block.type === schema.nodes.title ? schema.node("paragraph", null, block.content) : block;
    const last = groups.at(-1);
    if (words.isTextblock || !last || words.type === schema.nodes.clause || last[0]?.type === schema.nodes.clause)
      groups.push([words]);
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

/** A line that begins something new in a text without formatting. */
const BEGINS =
  /^\s*(?:[-*•–]\s|\d{1,3}[.)]\s|vue?s?\b|considérant|rappelant|constatant|demande|invite|appelle|exige|article\b)/i;
/** Lines this long were cut by a mail program, not by the person who wrote them. */
const WRAPPED = 55;

/** Plain text of a mail: without the signs of quotation, and with the lines joined again that a program cut. */
export function unwrapped(text: string): string {
  const lines = text
    .replace(/\r\n?/g, "\n")
    .replace(/^(?:>[ \t]?)+/gm, "")
    .split("\n");
  const joined: string[] = [];
  for (const line of lines) {
    const before = joined.at(-1);
    const goesOn =
      before !== undefined &&
      before.length >= WRAPPED &&
      line.trim() !== "" &&
      !/[.;:!?]\s*$/.test(before) &&
      !BEGINS.test(line);
    if (goesOn) joined[joined.length - 1] = `${before.trimEnd()} ${line.trim()}`;
    else joined.push(line);
  }
  return joined.join("\n");
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
      transformPastedText: (text, plain) => (plain ? text : unwrapped(text)),
      transformPasted,
      handlePaste: (view, _event, slice) => insertClauses(view, slice),
    },
  });

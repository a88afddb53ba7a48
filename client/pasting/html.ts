import { textLines } from "./lines";
import { madeMarker, shownMarker } from "./markers";
import { isAttribution, withoutQuotedMail } from "./mail";
import { finished } from "./shaping";
import { joined, paragraph, PLAIN, textOf, type Block, type Item, type Marks, type Paragraph, type Run } from "./structure";
import { isBold, isHidden, isItalic, isStruck, StyleSheet, withoutStyles, type Style } from "./styles";
import { rowsOf } from "./tables";

/** Elements that programs add to the clipboard, or that have no place in a text. */
const DROPPED = [
  "head, title, style, script, noscript, template, meta, link, xml, iframe, object, embed, canvas, img, picture, svg, audio, video",
  "button, input, select, option, textarea, nav, [hidden], [aria-hidden=true], [contenteditable=false]",
  ".visually-hidden, .sr-only, .clause__sources",
  // Word processors' comments.
  "[data-style*='mso-element:comment'], .MsoCommentReference, .MsoCommentText, .comment-reference, comment",
  // References to footnotes; the notes themselves become explanatory notes.
  "a[href*='#_ftn'], a[href*='#_edn'], a[href*='#sdfootnote'], a[href*='#sdendnote'], a[href*='#ftnt']",
  ".sdfootnoteanc, .sdfootnotesym, .sdendnoteanc, .sdendnotesym, sup.reference, sup.appel, .footnote-ref, .mw-editsection",
  // Additions of mail programs.
  ".gmail_attr, .gmail_signature, .gmail_signature_prefix, .moz-cite-prefix, .moz-signature, #appendonsend",
  // Deleted or struck text.
  "del, s, strike, .msoDel, .msodel",
].join(", ");

/** Messages that a mail program quotes below an answer. */
const QUOTED_MAIL =
  ".gmail_quote, .gmail_quote_container, blockquote[type=cite], .yahoo_quoted, .protonmail_quote, .zmail_extra, #mail-editor-reference-message-container";

const BLOCKS =
  /^(?:address|article|aside|blockquote|body|caption|center|dd|details|dialog|div|dl|dt|fieldset|figcaption|figure|footer|form|h[1-6]|header|hgroup|hr|legend|li|main|menu|ol|p|pre|section|summary|table|tbody|td|tfoot|th|thead|tr|ul)$/;
const HEADINGS = "h1, h2, h3, h4, h5, h6, [role=heading], p.MsoTitle, p.MsoSubtitle, p[class^='MsoHeading']";
const NOTES = "p.MsoFootnoteText, p.MsoEndnoteText, p.sdfootnote, p.sdendnote, p.sdfootnote-western, p.sdendnote-western";
/** Depth of elements beyond which only text is read. */
const DEEPEST = 400;

/** The blocks in the HTML of a clipboard, whichever program wrote it. */
export function readHtml(html: string): Block[] {
  const { html: plain, sheet } = withoutStyles(html);
  const { body } = new DOMParser().parseFromString(plain, "text/html");
  takeMarkersOut(body);
  removeComments(body);
  body.querySelectorAll(DROPPED).forEach((each) => each.remove());
  removeQuotedMail(body);
  const reader = new Reader(new StyleSheet(sheet));
  reader.read(body);
  return finished(withoutQuotedMail(reader.blocks));
}

/** Whether HTML contains words, deleted ones included; a picture alone does not. */
export const hasWords = (html: string): boolean =>
  /[\p{L}\p{N}]/u.test(withoutStyles(html).html.replace(/<!--[\s\S]*?-->|<[^>]*>|&\w+;/g, " "));

const MARKER = "data-marker";

/**
 * Moves Word's list markers into an attribute of their paragraph. Word writes a marker between `<![if !supportLists]>`
 * and `<![endif]>`, in a span marked to be ignored.
 */
function takeMarkersOut(body: HTMLElement): void {
  for (const item of body.querySelectorAll("[data-style*='mso-list' i]")) {
    if (/mso-list:\s*ignore/i.test(item.getAttribute("data-style") ?? "")) continue;
    const parts = [...conditional(item), ...item.querySelectorAll("[data-style*='mso-list' i]")].filter(
      (part) => !(part instanceof Element) || part.closest("[data-style*='mso-list' i]") !== item,
    );
    if (!parts.length) continue;
    item.setAttribute(MARKER, parts.find((part) => part.textContent?.trim())?.textContent ?? "");
    parts.forEach((part) => part.parentNode?.removeChild(part));
  }
}

/** The nodes between the conditional comments for programs without lists. */
function conditional(item: Element): globalThis.Node[] {
  const found: globalThis.Node[] = [];
  for (const comment of commentsIn(item)) {
    if (!/^\[if !supportLists\]/i.test(comment.data)) continue;
    for (let next = comment.nextSibling; next && !isEnd(next); next = next.nextSibling) found.push(next);
  }
  return found;
}

const isEnd = (node: globalThis.Node): boolean => node instanceof Comment && /^\[endif\]/i.test(node.data);

function commentsIn(root: globalThis.Node): Comment[] {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_COMMENT);
  const found: Comment[] = [];
  while (walker.nextNode()) found.push(walker.currentNode as Comment);
  return found;
}

const removeComments = (body: HTMLElement): void => commentsIn(body).forEach((comment) => comment.remove());

/** Removes the quoted message below an answer; if there is nothing else, the quoted message is kept. */
function removeQuotedMail(body: HTMLElement): void {
  if (!body.querySelector(QUOTED_MAIL)) return;
  const rest = body.cloneNode(true) as HTMLElement;
  rest.querySelectorAll(QUOTED_MAIL).forEach((each) => each.remove());
  const words = rest.textContent?.trim() ?? "";
  if (words && !isAttribution(words)) body.querySelectorAll(QUOTED_MAIL).forEach((each) => each.remove());
}

interface Frame {
  kind: Paragraph["kind"];
  item: Item | null;
}

interface List {
  ordered: boolean;
  type: string | null;
  next: number;
}

/** Walks the elements and collects paragraphs; marks, lists and kinds are those of the enclosing elements. */
class Reader {
  readonly blocks: Block[] = [];
  #runs: Run[] = [];
  #lists: List[] = [];

  constructor(private readonly sheet: StyleSheet) {}

  read(root: Element): void {
    this.#children(root, PLAIN, { kind: "paragraph", item: null }, false, 0);
    this.#flush({ kind: "paragraph", item: null });
  }

  #children(parent: Element, marks: Marks, frame: Frame, kept: boolean, depth: number): void {
    for (const child of parent.childNodes) {
      if (child instanceof Text) this.#text(child.data, marks, kept);
      else if (child instanceof Element && depth < DEEPEST) this.#element(child, marks, frame, kept, depth + 1);
      else if (child instanceof Element) this.#text(child.textContent ?? "", marks, kept);
    }
  }

  #text(text: string, marks: Marks, kept: boolean): void {
    const said = kept ? text.replace(/\r\n?/g, "\n") : text.replace(/[ \t\r\n\f]+/g, " ");
    if (said) this.#runs.push({ ...marks, text: said });
  }

  #element(element: Element, marks: Marks, frame: Frame, kept: boolean, depth: number): void {
    const style = this.sheet.of(element);
    if (isHidden(style) || isStruck(style)) return;
    if (element.localName === "br") {
      this.#runs.push({ ...PLAIN, text: "\n" });
      return;
    }
    if (element.localName === "table" && this.#table(element as HTMLTableElement, frame)) return;
    const within = marksOf(element, style, marks);
    if (!BLOCKS.test(element.localName)) return this.#inline(element, within, frame, kept, depth);
    this.#flush(frame);
    this.#block(element, within, frame, depth);
  }

  #inline(element: Element, marks: Marks, frame: Frame, kept: boolean, depth: number): void {
    const raised = element.matches("sup, sub") ? shifted(element) : null;
    if (raised !== null) this.#text(raised, marks, kept);
    else this.#children(element, marks, frame, kept, depth);
  }

  #block(element: Element, marks: Marks, frame: Frame, depth: number): void {
    const inner = this.#frame(element, frame);
    if (element.matches("ol, ul, menu")) {
      this.#list(element, marks, inner, depth);
    } else if (element.localName === "pre" || isViewer(element)) {
      this.#children(element, marks, inner, element.localName === "pre", depth);
      this.#lines(inner);
    } else {
      this.#children(element, marks, inner, false, depth);
      this.#flush(inner);
    }
  }

  #list(element: Element, marks: Marks, frame: Frame, depth: number): void {
    const start = Number.parseInt(element.getAttribute("start") ?? "1", 10);
    const type = element.getAttribute("type") ?? this.#typeOf(element);
    this.#lists.push({ ordered: element.localName === "ol", type, next: Number.isNaN(start) ? 1 : start });
    this.#children(element, marks, { kind: "paragraph", item: null }, false, depth);
    this.#flush(frame);
    this.#lists.pop();
  }

  #typeOf(element: Element): string | null {
    const name = this.sheet.of(element.querySelector(":scope > li") ?? element).get("list-style-type") ?? "";
    const named: Record<string, string> = {
      "lower-alpha": "a",
      "lower-latin": "a",
      "upper-alpha": "A",
      "upper-latin": "A",
      "lower-roman": "i",
      "upper-roman": "I",
    };
    return named[name.toLowerCase()] ?? null;
  }

  #frame(element: Element, frame: Frame): Frame {
    if (element.localName === "li") return { kind: "paragraph", item: this.#item(element) };
    const marker = wordItem(element);
    if (marker && !frame.item) return { kind: "paragraph", item: marker };
    if (element.matches(HEADINGS) && !frame.item) return { kind: "heading", item: null };
    if (element.matches(NOTES)) return { kind: "note", item: null };
    return frame;
  }

  #item(element: Element): Item {
    const list = this.#lists.at(-1);
    const own = Number.parseInt(element.getAttribute("value") ?? "", 10);
    const number = Number.isNaN(own) ? (list?.next ?? 1) : own;
    const ordered = list?.ordered ?? false;
    if (list) list.next = number + 1;
    const marker = ordered ? shownMarker(list?.type ?? null, number) : "";
    return { level: Math.max(1, this.#lists.length), ordered, number: ordered ? number : 1, marker, more: false };
  }

  /** Text with fixed lines: preformatted, or copied from a PDF page. */
  #lines(frame: Frame): void {
    const blocks = textLines(textOf(this.#runs));
    this.#runs = [];
    for (const block of blocks) {
      const isFramed = frame.kind !== "paragraph" && block.kind === "paragraph";
      this.blocks.push(isFramed ? { ...block, kind: frame.kind } : block);
    }
  }

  #table(table: HTMLTableElement, frame: Frame): boolean {
    const rows = rowsOf(table, (cell) => this.#within(cell), (cell) => isHidden(this.sheet.of(cell)));
    if (!rows) return false;
    this.#flush(frame);
    if (table.caption) this.blocks.push(...this.#within(table.caption));
    this.blocks.push(...rows);
    return true;
  }

  /** The blocks in a table cell. */
  #within(cell: Element): Block[] {
    const reader = new Reader(this.sheet);
    const style = this.sheet.of(cell);
    if (isStruck(style)) return [];
    reader.#children(cell, marksOf(cell, style, PLAIN), { kind: "paragraph", item: null }, false, 0);
    reader.#flush({ kind: "paragraph", item: null });
    return reader.blocks;
  }

  #flush(frame: Frame): void {
    const runs = joined(this.#runs);
    this.#runs = [];
    if (!textOf(runs).trim()) return;
    if (!frame.item) {
      this.blocks.push(paragraph(runs, frame.kind));
      return;
    }
    this.blocks.push({ kind: "item", tight: false, runs, ...frame.item });
    frame.item = { ...frame.item, more: true };
  }
}

function marksOf(element: Element, style: Style, around: Marks): Marks {
  const strong = isBold(style) ?? (element.matches("b, strong") || around.strong);
  const em = isItalic(style) ?? (element.matches("i, em, cite, dfn, var") || around.em);
  const href = element.localName === "a" ? (element.getAttribute("href") ?? "").trim() : around.href;
  return { strong, em, href: /^(?:https?:\/\/[^/\s]|mailto:[^\s])/i.test(href) ? href : "" };
}

/** The list item of a paragraph that Word shows as one; null for others. */
function wordItem(element: Element): Item | null {
  const style = element.getAttribute("data-style") ?? "";
  const level = /mso-list:(?!\s*(?:none|skip|ignore))[^;]*level(\d+)/i.exec(style)?.[1];
  if (!level || element.matches(HEADINGS)) return null;
  const said = element.getAttribute(MARKER);
  const marker = madeMarker(said ?? "");
  if (!marker) element.prepend(`${(said ?? "").trim()} `);
  return marker && { level: Number(level), more: false, ...marker };
}

const RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹";
const LOWERED = "₀₁₂₃₄₅₆₇₈₉";

/**
 * Superscript and subscript digits as Unicode characters ("m²", "CO₂"), because nothing else would distinguish them.
 */
function shifted(element: Element): string | null {
  const figures = element.textContent?.trim() ?? "";
  if (!/^\d{1,3}$/.test(figures)) return null;
  return figures.replace(/\d/g, (digit) => (element.localName === "sup" ? RAISED : LOWERED)[Number(digit)] ?? digit);
}

/** A PDF page as browsers render it: spans and line breaks. */
const isViewer = (element: Element): boolean => element.querySelector(":scope > br[role=presentation]") !== null;

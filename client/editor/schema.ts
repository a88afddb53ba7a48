import { Schema, type DOMOutputSpec, type Node } from "prosemirror-model";

/** The kinds of clauses; headings and notes are clauses too, so that they have an id and can be amended. */
export const KINDS = ["visa", "considerant", "demande", "intertitre", "note"] as const;
export type Kind = (typeof KINDS)[number];

export const isKind = (value: unknown): value is Kind => KINDS.includes(value as Kind);

/** Characters of an address, as in `server/texts/blocks.py`. */
const MAX_URL = 2000;

/** Allowed addresses of links; a link with another stays plain text. */
export const safeLink = (href: string): boolean =>
  href.length <= MAX_URL && /^(https?:\/\/|mailto:)/i.test(href.trim());

/** The first number of a list, within what CommonMark allows; null for 1 and for anything else. */
function firstNumber(value: unknown): number | null {
  const number = value === null || value === undefined || value === "" ? 1 : Number(value);
  return Number.isInteger(number) && number >= 0 && number < 1e5 && number !== 1 ? number : null;
}

/**
 * The structure of a motion, as it stands in the shared document.
 *
 * Contents are laxer than what a motion should look like: two people's edits may merge into a clause without a paragraph or
 * into two titles, and the binding deletes whatever the schema forbids. Shape is restored by `repair.ts` instead.
 */
export const schema = new Schema({
  nodes: {
    doc: { content: "(title | clause)*" },
    title: {
      content: "text*",
      marks: "",
      defining: true,
      parseDOM: [{ tag: "h1[data-title]" }],
      toDOM: (): DOMOutputSpec => ["h1", { "data-title": "", class: "draft__title" }, 0],
    },
    clause: {
      content: "block*",
      defining: true,
      attrs: { id: { default: null }, kind: { default: "demande" }, addressee: { default: null } },
      parseDOM: [
        {
          tag: "section[data-kind]",
          getAttrs: (dom) => ({
            id: dom.dataset["clause"] ?? null,
            kind: isKind(dom.dataset["kind"]) ? dom.dataset["kind"] : "demande",
            addressee: dom.dataset["addressee"] ?? null,
          }),
        },
      ],
      toDOM: (node): DOMOutputSpec => ["section", clauseAttributes(node), 0],
    },
    paragraph: { content: "inline*", group: "block", parseDOM: [{ tag: "p" }], toDOM: (): DOMOutputSpec => ["p", 0] },
    bullet_list: {
      content: "list_item*",
      group: "block",
      parseDOM: [{ tag: "ul" }],
      toDOM: (): DOMOutputSpec => ["ul", 0],
    },
    ordered_list: {
      content: "list_item*",
      group: "block",
      // The number of its first item; null for 1.
      attrs: { start: { default: null } },
      parseDOM: [{ tag: "ol", getAttrs: (dom) => ({ start: firstNumber(dom.getAttribute("start")) }) }],
      toDOM: (node): DOMOutputSpec => {
        const start = firstNumber(node.attrs["start"]);
        return start === null ? ["ol", 0] : ["ol", { start: String(start) }, 0];
      },
    },
    list_item: { content: "block*", defining: true, parseDOM: [{ tag: "li" }], toDOM: (): DOMOutputSpec => ["li", 0] },
    text: { group: "inline" },
    hard_break: {
      group: "inline",
      inline: true,
      selectable: false,
      leafText: () => "\n",
      parseDOM: [{ tag: "br" }],
      toDOM: (): DOMOutputSpec => ["br"],
    },
    citation: {
      group: "inline",
      inline: true,
      atom: true,
      attrs: { excerpt: {} },
      leafText: () => "",
      parseDOM: [{ tag: "span[data-excerpt]", getAttrs: (dom) => ({ excerpt: dom.dataset["excerpt"] ?? "" }) }],
      toDOM: (node): DOMOutputSpec => ["span", { class: "citation", "data-excerpt": excerptOf(node) }, excerptOf(node)],
    },
  },
  marks: {
    link: {
      attrs: { href: {} },
      inclusive: false,
      parseDOM: [
        {
          tag: "a[href]",
          getAttrs: (dom) => {
            const href = dom.getAttribute("href") ?? "";
            return safeLink(href) ? { href } : false;
          },
        },
      ],
      toDOM: (mark): DOMOutputSpec => ["a", { href: String(mark.attrs["href"]), rel: "noopener noreferrer" }, 0],
    },
    em: {
      parseDOM: [{ tag: "em" }, { tag: "i" }],
      toDOM: (): DOMOutputSpec => ["em", 0],
    },
    strong: {
      parseDOM: [{ tag: "strong" }, { tag: "b" }],
      toDOM: (): DOMOutputSpec => ["strong", 0],
    },
  },
});

/** The number of the excerpt that a citation names. */
export const excerptOf = (citation: Node): string => String(citation.attrs["excerpt"]);

function clauseAttributes(clause: Node): Record<string, string> {
  const { id, kind, addressee } = clause.attrs as Record<string, string | null>;
  const attributes: Record<string, string> = { class: "draft__clause", "data-kind": kind ?? "demande" };
  if (id) Object.assign(attributes, { "data-clause": id, id: `clause-${id}` });
  if (addressee) attributes["data-addressee"] = addressee;
  return attributes;
}

/** A clause with one empty paragraph, or with the given blocks. */
export function clause(id: string, kind: Kind, blocks?: Node[]): Node {
  return schema.node("clause", { id, kind }, blocks?.length ? blocks : [schema.node("paragraph")]);
}

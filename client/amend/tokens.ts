import type { Node } from "prosemirror-model";

import { excerptOf, schema } from "../editor/schema";
import { changes, splitWords } from "./words";

/** A word, a citation, or the boundary between two blocks, with its position in the document. */
export interface Token {
  /** The text as shown. */
  text: string;
  /** Equal for equal tokens: the text and its marks. */
  key: string;
  from: number;
  to: number;
  boundary: boolean;
}

/** A change: tokens of the frozen text that were removed, those that were inserted, and their range. */
export interface Reworded {
  gone: Token[];
  come: Token[];
  from: number;
  to: number;
}

/** The tokens of a document; together they cover it completely. */
export function tokensOf(doc: Node): Token[] {
  const tokens: Token[] = [];
  doc.descendants((node, pos) => {
    if (!node.isTextblock) return true;
    const start = pos + 1;
    const last = tokens.at(-1);
    const shape = shapeOf(doc, pos);
    const from = last?.to ?? start;
    if (last || shape) tokens.push({ text: "¶", key: `¶${shape}`, from, to: start, boundary: true });
    node.forEach((child, offset) => tokens.push(...inline(child, start + offset)));
    return false;
  });
  return tokens;
}

/** The enclosing lists of a block, such as "bullet_list"; a paragraph that becomes an item counts as changed. */
function shapeOf(doc: Node, pos: number): string {
  const $pos = doc.resolve(pos);
  const lists: string[] = [];
  for (let depth = 1; depth <= $pos.depth; depth += 1) {
    const { name } = $pos.node(depth).type;
    if (name.endsWith("_list")) lists.push(name);
  }
  if (lists.length && $pos.index($pos.depth) > 0) lists.push("more");
  return lists.join(" ");
}

function inline(node: Node, from: number): Token[] {
  if (!node.isText) return [{ ...shown(node), from, to: from + node.nodeSize, boundary: false }];
  const marks = node.marks.map((mark) => `${mark.type.name}${String(mark.attrs["href"] ?? "")}`).join(" ");
  let at = from;
  return splitWords(node.text ?? "").map((text) => {
    const from = at;
    at += text.length;
    return { text, key: marks ? `${text}\u0000${marks}` : text, from, to: at, boundary: false };
  });
}

function shown(node: Node): { text: string; key: string } {
  if (node.type !== schema.nodes.citation) return { text: "↵", key: "↵" };
  const text = `[^${excerptOf(node)}]`;
  return { text, key: text };
}

/** The changes from the frozen text to the current document. */
export function reworded(before: Token[], doc: Node): Reworded[] {
  const now = tokensOf(doc);
  const keys = (tokens: Token[]): string[] => tokens.map((token) => token.key);
  return changes(keys(before), keys(now)).map(([a1, a2, b1, b2]) => {
    const come = now.slice(b1, b2);
    const place = now[b1 - 1]?.to ?? now[b1]?.from ?? firstPlace(doc);
    return { gone: before.slice(a1, a2), come, from: come[0]?.from ?? place, to: come.at(-1)?.to ?? place };
  });
}

/** The position of the first letter in an empty text. */
export function firstPlace(doc: Node): number {
  let place = -1;
  doc.descendants((node, pos) => {
    if (place < 0 && node.isTextblock) place = pos + 1;
    return place < 0;
  });
  return Math.max(0, place);
}

export const textOf = (tokens: Token[]): string => tokens.map((token) => token.text).join("");

import type { Node } from "prosemirror-model";
import * as Y from "yjs";

/** The letters of a clause, and where each stands in the document. */
export interface Letters {
  text: string;
  positions: number[];
}

/** `pos` is where the clause begins. */
export function lettersOf(clause: Node, pos: number): Letters {
  const found: Letters = { text: "", positions: [] };
  clause.descendants((node, offset) => {
    if (!node.isText) return;
    found.text += node.text ?? "";
    for (let i = 0; i < node.nodeSize; i += 1) found.positions.push(pos + 1 + offset + i);
  });
  return found;
}

/** The client that wrote each letter of an element of the shared document, in the same order. */
export function clientsOf(element: { _start: Y.Item | null }): number[] {
  const found: number[] = [];
  for (let item = element._start; item; item = item.right) {
    if (item.deleted) continue;
    const { content } = item;
    if (content instanceof Y.ContentType) found.push(...clientsOf(content.type));
    else if (content instanceof Y.ContentString)
      for (let i = 0; i < content.str.length; i += 1) found.push(item.id.client);
  }
  return found;
}

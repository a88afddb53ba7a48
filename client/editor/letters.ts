import type { Node } from "prosemirror-model";
import * as Y from "yjs";

import type { LetterId } from "./authorship";

/** The letters of a clause, with their positions in the document. */
export interface Letters {
  text: string;
  positions: number[];
}

/** `pos` is the position of the clause. */
export function lettersOf(clause: Node, pos: number): Letters {
  const found: Letters = { text: "", positions: [] };
  clause.descendants((node, offset) => {
    if (!node.isText) return;
    found.text += node.text ?? "";
    for (let i = 0; i < node.nodeSize; i += 1) found.positions.push(pos + 1 + offset + i);
  });
  return found;
}

/** The Yjs item of each letter of an element, in the same order. */
export function itemsOf(element: { _start: Y.Item | null }): LetterId[] {
  const found: LetterId[] = [];
  for (let item = element._start; item; item = item.right) {
    if (item.deleted) continue;
    const { content, id } = item;
    if (content instanceof Y.ContentType) found.push(...itemsOf(content.type));
    else if (content instanceof Y.ContentString)
      for (let i = 0; i < content.str.length; i += 1) found.push([id.client, id.clock + i]);
  }
  return found;
}

import type { Node } from "prosemirror-model";

import { isKind, schema } from "../editor/schema";

/**
 * The document with the one clause that is amended, from the JSON of its content; null if that does not match the
 * schema.
 */
export function clauseOf(content: string, kind: string): Node | null {
  try {
    const blocks = (JSON.parse(content) as unknown[]).map((block) => schema.nodeFromJSON(block));
    if (!blocks.length) blocks.push(schema.node("paragraph"));
    const clause = schema.node("clause", { id: null, kind: isKind(kind) ? kind : "demande" }, blocks);
    clause.check();
    return schema.node("doc", null, [clause]);
  } catch {
    return null;
  }
}

/** The document of a title that is amended. */
export const titleOf = (words: string): Node =>
  schema.node("doc", null, [schema.node("title", null, words ? schema.text(words) : undefined)]);

/** The JSON of a clause's content, as the server writes it too. */
export const contentOf = (doc: Node): string => JSON.stringify(doc.firstChild?.content.toJSON() ?? []);

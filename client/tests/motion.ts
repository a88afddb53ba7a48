import type { Node } from "prosemirror-model";

import { schema } from "../editor/schema";

/** A motion with a title and clauses written as "kind|id|words"; several paragraphs are set apart by "/". */
export function motion(...clauses: string[]): Node {
  const paragraph = (words: string): Node => schema.node("paragraph", null, words ? schema.text(words) : undefined);
  const nodes = clauses.map((line) => {
    const [kind = "", id = "", words = ""] = line.split("|");
    const attributes = { id: id || null, kind: kind === "x" ? "demande" : kind };
    return schema.node("clause", attributes, words.split("/").map(paragraph));
  });
  return schema.node("doc", null, [schema.node("title", null, schema.text("Titre")), ...nodes]);
}

/** The other way round, without the title. */
export const written = (doc: Node): string[] =>
  doc.children
    .slice(1)
    .map(
      (node) => `${node.attrs["kind"]}|${node.attrs["id"]}|${node.children.map((each) => each.textContent).join("/")}`,
    );

/** Numbers from 0 to 1 that are the same for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

import type { Node } from "prosemirror-model";
import { EditorState } from "prosemirror-state";
import { describe, expect, test } from "vitest";

import { idOf } from "../editor/clauses";
import { complete, derivedId, repairs, repairSafely } from "../editor/repair";
import { motion } from "./motion";
import { schema } from "../editor/schema";

const ids = (doc: Node): string[] => doc.children.filter((node) => node.type === schema.nodes.clause).map(idOf);
const repaired = (doc: Node): Node => repairSafely(EditorState.create({ doc }))?.doc ?? doc;

describe("ids", () => {
  test("a derived id is the same everywhere", () => {
    expect(derivedId("aaaaaaaaa1", 1)).toBe(derivedId("aaaaaaaaa1", 1));
    expect(derivedId("aaaaaaaaa1", 1)).toMatch(/^[a-z0-9]{10}$/);
    expect(derivedId("aaaaaaaaa1", 1)).not.toBe(derivedId("aaaaaaaaa1", 2));
  });

  test("the first clause keeps an id, later ones get derived ones", () => {
    const doc = motion("x|a|un", "x|a|deux", "x|b|trois", "x|a|quatre");
    expect(ids(repaired(doc))).toEqual(["a", derivedId("a", 1), "b", derivedId("a", 2)]);
  });

  test("missing ids are derived from their place among the missing", () => {
    expect(ids(repaired(motion("x||un", "x||deux")))).toEqual([derivedId("", 0), derivedId("", 1)]);
  });

  test("a repaired text needs no repair", () => {
    const doc = repaired(motion("x|a|un", "x|a|deux", "x||trois", "x||quatre"));
    expect(repairs(doc)).toEqual([]);
    expect(new Set(ids(doc)).size).toBe(4);
  });
});

describe("shape", () => {
  test("clauses and lists that two people emptied go away", () => {
    const empty = schema.node("clause", { id: "e", kind: "visa" });
    const list = schema.node("clause", { id: "l", kind: "visa" }, [
      schema.node("bullet_list"),
      schema.node("paragraph"),
    ]);
    const doc = schema.node("doc", null, [schema.node("title"), empty, list]);
    expect(ids(repaired(doc))).toEqual(["l"]);
    expect(repaired(doc).lastChild?.childCount).toBe(1);
  });

  test("a second title goes only when no word is lost", () => {
    const title = (words: string): Node => schema.node("title", null, schema.text(words));
    const doc = (...titles: Node[]): Node => schema.node("doc", null, titles);
    expect(repaired(doc(title("A"), title("A"))).childCount).toBe(1);
    expect(repaired(doc(title("A"), schema.node("title"))).childCount).toBe(1);
    expect(repaired(doc(title("A"), title("B"))).childCount).toBe(2);
  });

  test("an empty text gets a title and a clause", () => {
    const doc = complete(EditorState.create({ schema }))?.doc as Node;
    expect(doc.children.map((node) => node.type.name)).toEqual(["title", "clause"]);
    expect(complete(EditorState.create({ doc }))).toBeNull();
  });
});

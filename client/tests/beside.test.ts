import { describe, expect, test } from "vitest";

import { footing } from "../editor/footing";
import { landing } from "../editor/handle";
import { changedClauses, changesInWords } from "../editor/hearing";
import { idOf } from "../editor/clauses";
import { schema } from "../editor/schema";
import { motion } from "./motion";

const citing = (kind: string, id: string, ...excerpts: string[]): ReturnType<typeof schema.node> =>
  schema.node("clause", { id, kind }, [
    schema.node("paragraph", null, [
      schema.text("mots "),
      ...excerpts.map((excerpt) => schema.node("citation", { excerpt })),
    ]),
  ]);

test("a motion rests on what its considérants and demandes cite (M9)", () => {
  const text = schema.node("doc", null, [
    schema.node("title"),
    citing("visa", "v"),
    citing("considerant", "c1", "1", "2"),
    citing("considerant", "c2", "99"),
    citing("demande", "d1"),
    citing("note", "n1", "3"),
  ]);
  const testimonies: Record<string, number> = { 1: 10, 2: 10, 3: 12 };
  const { resting, bare, reached } = footing(text, (excerpt) => testimonies[excerpt]);
  expect(resting.map(({ node }) => idOf(node))).toEqual(["c1"]);
  expect(bare.map(({ node }) => idOf(node))).toEqual(["c2", "d1"]);
  expect([...reached]).toEqual([10, 12]);
});

test("a dragged clause lands before the first clause whose middle is below it", () => {
  const clauses = [
    { id: "a", top: 0, bottom: 100 },
    { id: "b", top: 100, bottom: 120 },
  ];
  expect([10, 60, 109, 111].map((y) => landing(clauses, y))).toEqual(["a", "b", "b", null]);
});

describe("what others changed, aloud", () => {
  const before = motion("visa|a|un", "visa|b|deux", "demande|c|trois", "demande|d|quatre");

  test("a changed and a new clause are named, untouched and moved ones are not", () => {
    const after = motion("visa|b|deux", "visa|a|un", "demande|c|trois fois", "demande|e|cinq");
    const changed = changedClauses(before, after);
    expect(changed).toEqual(["c", "e"]);
    expect(changesInWords(after, new Set(changed))).toBe("Modifié par d’autres : Demande 1, Demande 2.");
  });

  test("many are counted, and what is gone again is not told", () => {
    expect(changesInWords(before, new Set(["a", "b", "c", "d"]))).toBe("4 clauses modifiées par d’autres.");
    expect(changesInWords(before, new Set(["gone"]))).toBe("");
  });
});

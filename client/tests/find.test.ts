import { EditorState } from "prosemirror-state";
import { expect, test } from "vitest";

import { findAll, replaceAll, type Wanted } from "../editor/find";
import { schema } from "../editor/schema";
import { motion, written } from "./motion";

const wanted = (words: string, more: Partial<Wanted> = {}): Wanted => ({
  words,
  accents: true,
  exactCase: false,
  wholeWords: false,
  ...more,
});

const found = (text: string, search: Wanted): string[] => {
  const doc = motion(`visa|a|${text}`);
  return findAll(doc, search).map(({ from, to }) => doc.textBetween(from, to));
};

test.each<[string, Wanted, string[]]>([
  ["L’École et l’ecole", wanted("ecole"), ["École", "ecole"]],
  ["L’École et l’ecole", wanted("école", { accents: false }), ["École"]],
  ["L’École et l’ecole", wanted("École", { exactCase: true, accents: false }), ["École"]],
  ["un cœur, des coeurs", wanted("coeur"), ["cœur", "coeur"]],
  ["l’État d'ici", wanted("l'état"), ["l’État"]],
  ["dix\u202f%\u00a0: ou", wanted("% :"), ["%\u00a0:"]],
  ["art, partir, art", wanted("art", { wholeWords: true }), ["art", "art"]],
  ["aaaa", wanted("aa"), ["aa", "aa"]],
  ["rien", wanted(""), []],
])("in « %s »", (text, search, expected) => expect(found(text, search)).toEqual(expected));

test("every place is replaced at once, with the marks of the words that go", () => {
  const bold = schema.text("ecole", [schema.marks.strong.create()]);
  const paragraph = schema.node("paragraph", null, [schema.text("l’École, "), bold]);
  const doc = schema.node("doc", null, [
    schema.node("title", null, schema.text("Titre")),
    schema.node("clause", { id: "a", kind: "visa" }, paragraph),
  ]);
  const state = EditorState.create({ doc });
  const after = replaceAll(state, findAll(doc, wanted("ecole")), "classe").doc;
  expect(written(after)).toEqual(["visa|a|l’classe, classe"]);
  expect(after.rangeHasMark(after.content.size - 5, after.content.size - 3, schema.marks.strong)).toBe(true);
  expect(written(replaceAll(state, findAll(doc, wanted("ecole")), "").doc)).toEqual(["visa|a|l’, "]);
});

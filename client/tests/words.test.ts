import { expect, test } from "vitest";

import { changes, splitWords } from "../amend/words";
import fixture from "./words.fixture.json";

// The answers of `deliberation/text/words.py`, written by tests/deliberation/text/test_words.py.
const splits = fixture.splits.map((words) => ({ words }));
test.each(splits)("splits like the rules: $words", ({ words }) => expect(splitWords(words.join(""))).toEqual(words));

test.each(fixture.changes)("finds what the rules find: %j", ({ before, after, changes: found }) =>
  expect(changes(splitWords(before), splitWords(after))).toEqual(found),
);

test("a long text is compared at once", () => {
  const words = Array.from({ length: 4000 }, (_, n) => `m${n % 700}`);
  const after = [...words.slice(0, 1000), "mot", ...words.slice(1500), "fin"];
  expect(changes(words, after).length).toBeGreaterThan(0);
});

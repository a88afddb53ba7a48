import { expect, test } from "vitest";

import { least, recount, type Poll } from "../vote/recount";
import { WAYS } from "../vote/ways";
import fixture from "./polls.fixture.json";

// The answers of `deliberation/votes/tallies.py`, written by tests/deliberation/poll_examples.py.
test.each(fixture)("counts what the rules count: %#", ({ poll, absolute, figures }) => {
  const found = recount(poll as unknown as Poll, absolute);
  const shown = Object.fromEntries(Object.keys(figures).map((name) => [name, String(found[name])]));
  expect(shown).toEqual(figures);
});

test("every way of voting of the rules is counted again", () => {
  expect(Object.keys(WAYS)).toEqual([...new Set(fixture.map(({ poll }) => poll.terms.way))]);
});

test("a changed ballot changes the figures", () => {
  const { poll } = fixture.find(({ poll: { ballots } }) => Object.keys(ballots).length > 3)!;
  const [voter = "", choice] = Object.entries(poll.ballots)[0]!;
  const other = { ...poll, ballots: { ...poll.ballots, [voter]: choice === "pour" ? "contre" : "pour" } };
  const [before, after] = [poll, other].map((each) => recount(each as unknown as Poll));
  expect(after!["in_favour"]).not.toBe(before!["in_favour"]);
});

test.each([
  [1, 2, "pour", 1n],
  [1, 2, "contre", 0n],
  [2, 3, "pour", 0n],
  [3, 5, "pour", 0n],
])("on a tie the chair carries a simple majority alone: %i/%i, %s", (majority_n, majority_d, chair, carried) => {
  const { poll } = fixture.find(({ poll: { rule } }) => rule.tie === "chair")!;
  const other = chair === "pour" ? "contre" : "pour";
  const tied = {
    ...poll,
    rule: { ...poll.rule, majority_n, majority_d, chair: "p1" },
    ballots: { p1: chair, p2: other },
    by_proxy: {},
    weights: {},
    terms: { ...poll.terms, way: "public" },
  };
  const found = recount(tied as unknown as Poll);
  expect([found["in_favour"], found["against"], found["carried"]]).toEqual([1n, 1n, carried]);
});

test("thresholds are exact however many voices there are", () => {
  expect(least(9_007_199_254_740_993n, 1, 2, true)).toBe(4_503_599_627_370_497n);
  expect(least(9n, 2, 3, false)).toBe(6n);
  expect(least(10n, 2, 3, false)).toBe(7n);
});

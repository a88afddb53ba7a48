import { afterEach, describe, expect, test } from "vitest";
import * as Y from "yjs";

import { deleteClause, mergeBackward, moveClause, splitClause } from "../editor/commands";
import { findHome, RecentWords, wordsOf } from "../editor/rescue";
import { motion, written } from "./motion";
import { flush, Replica, sharedText } from "./replicas";

let open: Replica[] = [];
afterEach(() => open.splice(0).forEach((replica) => replica.destroy()));

function two(...clauses: string[]): [Replica, Replica] {
  const start = sharedText(motion(...clauses));
  open = [new Replica(10, start, true), new Replica(11, start, false)];
  return open as [Replica, Replica];
}

describe("words typed while somebody else rearranges the text", () => {
  test("joining a clause to the one before: the words follow into it", () => {
    const [anne, bruno] = two("visa|aaaaaaaaa1|Vu la loi", "visa|aaaaaaaaa2|et le décret");
    anne.place(2, 0);
    bruno.place(2, 1);
    anne.run(mergeBackward);
    bruno.type(" de 2026");
    flush(open);
    expect(written(anne.text)).toEqual(["visa|aaaaaaaaa1|Vu la loiet le décret de 2026"]);
  });

  test("moving the clause: the words move along", () => {
    const [anne, bruno] = two("visa|aaaaaaaaa1|Vu la loi", "visa|aaaaaaaaa2|Vu le décret");
    anne.place(2, 0);
    bruno.place(2, 0.25);
    anne.run(moveClause(-1));
    bruno.type("aussi ");
    flush(open);
    expect(written(anne.text)).toEqual(["visa|aaaaaaaaa2|Vu aussi le décret", "visa|aaaaaaaaa1|Vu la loi"]);
    expect(written(bruno.text)).toEqual(written(anne.text));
  });

  test("splitting before the paragraph: the words are in the new clause", () => {
    const [anne, bruno] = two("visa|aaaaaaaaa1|Vu la loi/et le décret");
    anne.place(1, 0.34);
    bruno.place(2, 1);
    anne.run(splitClause);
    bruno.type(" de 2026");
    flush(open);
    expect(written(anne.text)[1]).toMatch(/et le décret de 2026$/);
  });

  test("deleting the clause: the words are handed back", () => {
    const [anne, bruno] = two("visa|aaaaaaaaa1|Vu la loi", "visa|aaaaaaaaa2|Vu le décret");
    anne.place(2, 0);
    bruno.place(2, 1);
    anne.run(deleteClause);
    bruno.type(" de 2026");
    flush(open);
    expect(written(anne.text)).toEqual(["visa|aaaaaaaaa1|Vu la loi"]);
    expect(bruno.homeless.map(wordsOf)).toEqual([" de 2026"]);
    expect(anne.homeless).toEqual([]);
  });

  test("words that the other had seen are not doubled", () => {
    const [anne, bruno] = two("visa|aaaaaaaaa1|Vu la loi", "visa|aaaaaaaaa2|Vu le décret");
    bruno.place(2, 1);
    bruno.type(" de");
    flush(open);
    bruno.type(" 2026");
    anne.place(2, 0);
    anne.run(moveClause(-1));
    flush(open);
    expect(written(anne.text)).toEqual(["visa|aaaaaaaaa2|Vu le décret de 2026", "visa|aaaaaaaaa1|Vu la loi"]);
  });
});

test("a home elsewhere needs more than a few letters in common", () => {
  const piece = (text: string) => ({
    clause: "gone",
    pieces: [
      { text, clock: null },
      { text: "x", clock: 1 },
    ],
  });
  const doc = motion("visa|a|Vu la loi");
  expect(findHome(doc, piece("la"))).toBeNull();
  expect(findHome(doc, piece("la loi"))?.insertions.map(({ words }) => words)).toEqual(["x"]);
});

test("recent words are those of the last minute, and all that is not confirmed", () => {
  let now = 0;
  const doc = new Y.Doc();
  const recent = new RecentWords(doc, () => now);
  const type = (count: number): void => doc.getText("t").insert(0, "x".repeat(count));
  type(10);
  expect(recent.since).toBe(0);
  now = 10_000;
  recent.confirmed();
  expect(recent.since).toBe(0);
  now = 100_000;
  recent.confirmed();
  type(5);
  expect(recent.since).toBe(10);
});

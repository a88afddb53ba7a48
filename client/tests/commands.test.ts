import type { Node } from "prosemirror-model";
import { EditorState, TextSelection, type Command } from "prosemirror-state";
import { describe, expect, test } from "vitest";

import { clauseName, countWords, numbered, standUnder } from "../editor/clauses";
import {
  addClauseAfter,
  cite,
  citeIn,
  deleteClause,
  mergeBackward,
  mergeForward,
  moveClause,
  moveClauseBefore,
  newParagraph,
  setKind,
  splitClause,
  toggleList,
} from "../editor/commands";
import { motion, written } from "./motion";

/** Runs a command with the cursor before the first "^" of the text, which is taken out. */
function run(command: Command, ...clauses: string[]): { doc: Node; lines: string[]; done: boolean; rest: string } {
  let doc = motion(...clauses);
  let at = -1;
  doc.descendants((node, pos) => {
    if (at < 0 && node.isText && node.text?.includes("^")) at = pos + node.text.indexOf("^");
  });
  let state = EditorState.create({ doc });
  state = state.apply(state.tr.delete(at, at + 1));
  state = state.apply(state.tr.setSelection(TextSelection.create(state.doc, at)));
  const done = command(state, (tr) => (state = state.apply(tr)));
  doc = state.doc;
  const { $from } = state.selection;
  return { doc, done, lines: written(doc), rest: $from.parent.textContent.slice($from.parentOffset) };
}

describe("Enter", () => {
  test("splits a clause: the first part keeps the id, the second has the kind", () => {
    const { lines, rest } = run(splitClause, "considerant|a|un ^deux");
    expect(lines[0]).toBe("considerant|a|un ");
    expect(lines[1]).toMatch(/^considerant\|[a-z0-9]{10}\|deux$/);
    expect(rest).toBe("deux");
  });

  test("takes the following paragraphs along", () => {
    const { lines } = run(splitClause, "visa|a|u^n/deux/trois");
    expect(lines[0]).toBe("visa|a|u");
    expect(lines[1]).toMatch(/\|n\/deux\/trois$/);
  });

  test("at the start puts an empty clause before, so that the words keep their id", () => {
    const { lines, rest } = run(splitClause, "visa|a|^un");
    expect(lines[0]).toMatch(/^visa\|[a-z0-9]{10}\|$/);
    expect(lines[1]).toBe("visa|a|un");
    expect(rest).toBe("un");
  });

  test("in an empty last paragraph begins the next clause", () => {
    const { lines } = run(splitClause, "visa|a|un/^");
    expect(lines[0]).toBe("visa|a|un");
    expect(lines[1]).toMatch(/^visa\|[a-z0-9]{10}\|$/);
  });

  test("in the title goes on to the clauses", () => {
    let state = EditorState.create({ doc: motion("considerant|a|un") });
    state = state.apply(state.tr.setSelection(TextSelection.create(state.doc, 6)));
    splitClause(state, (tr) => (state = state.apply(tr)));
    expect(written(state.doc)).toHaveLength(2);
    expect(state.selection.$from.node(1).attrs["kind"]).toBe("considerant");
  });

  test("with Ctrl makes a paragraph in the same clause", () => {
    expect(run(newParagraph, "visa|a|un^deux").lines).toEqual(["visa|a|un/deux"]);
  });
});

describe("Backspace and Delete", () => {
  test("join a clause to the one before, which keeps its id", () => {
    expect(run(mergeBackward, "visa|a|un", "visa|b|^deux/trois").lines).toEqual(["visa|a|undeux/trois"]);
    expect(run(mergeForward, "visa|a|un^", "visa|b|deux").lines).toEqual(["visa|a|undeux"]);
  });

  test("an empty neighbour goes and the words keep their id", () => {
    expect(run(mergeBackward, "visa|a|", "visa|b|^deux").lines).toEqual(["visa|b|deux"]);
    expect(run(mergeBackward, "visa|a|un", "visa|b|^").lines).toEqual(["visa|a|un"]);
  });

  test("do not join the first clause to the title", () => {
    const { done, lines } = run(mergeBackward, "visa|a|^un");
    expect([done, lines]).toEqual([true, ["visa|a|un"]]);
  });

  test("leave other places to the browser", () => {
    expect(run(mergeBackward, "visa|a|u^n").done).toBe(false);
    expect(run(mergeBackward, "visa|a|un/^deux").done).toBe(false);
  });

  test("undo what Enter did", () => {
    const { doc } = run(splitClause, "visa|a|un ^deux");
    let state = EditorState.create({ doc });
    state = state.apply(
      state.tr.setSelection(TextSelection.create(doc, doc.child(0).nodeSize + doc.child(1).nodeSize + 2)),
    );
    mergeBackward(state, (tr) => (state = state.apply(tr)));
    expect(written(state.doc)).toEqual(["visa|a|un deux"]);
  });
});

test("a clause moves with its cursor and comes back", () => {
  const { lines, rest } = run(moveClause(-1), "visa|a|un", "demande|b|de^ux");
  expect(lines).toEqual(["demande|b|deux", "visa|a|un"]);
  expect(rest).toBe("ux");
  expect(run(moveClause(1), "visa|a|^un", "demande|b|deux").lines).toEqual(["demande|b|deux", "visa|a|un"]);
  expect(run(moveClause(1), "visa|a|^un").done).toBe(false);
});

test("kind, list, citation and deletion", () => {
  expect(run(setKind("demande"), "visa|a|^un", "visa|b|deux").lines).toEqual(["demande|a|un", "visa|b|deux"]);
  expect(run(toggleList("bullet_list"), "visa|a|^un").doc.child(1).firstChild?.type.name).toBe("bullet_list");
  expect(run(cite("12"), "visa|a|un^").doc.child(1).firstChild?.lastChild?.attrs["excerpt"]).toBe("12");
  expect(run(deleteClause, "visa|a|^un", "visa|b|deux").lines).toEqual(["visa|b|deux"]);
});

test("numbers count within a kind, words as a reader does", () => {
  const doc = motion("visa|a|Vu l’État ;", "demande|b|Demande : 3", "visa|c|Vu");
  expect(numbered(doc).map(clauseName)).toEqual(["Visa 1", "Demande 1", "Visa 2"]);
  expect(countWords(doc)).toBe(6);
});

test("the numbers of a text under debate stand still, wherever its clauses stand", () => {
  const doc = motion("demande|b|Deux", "demande|x|Ajout", "demande|a|Un", "demande|new|Encore");
  standUnder({ a: "1", x: "1 bis", b: "2" });
  expect(numbered(doc).map(clauseName)).toEqual(["Demande 2", "Demande 1 bis", "Demande 1", "Demande"]);
  standUnder({});
  expect(numbered(doc).map(clauseName).at(-1)).toBe("Demande 4");
});

describe("dragging", () => {
  const text = ["visa|a|u^n", "visa|b|deux", "demande|c|trois"];
  const ids = (lines: string[]): string[] => lines.map((line) => line.split("|")[1] ?? "");

  test.each<[string, string | null, string[]]>([
    ["a", "c", ["b", "a", "c"]],
    ["a", null, ["b", "c", "a"]],
    ["c", "a", ["c", "a", "b"]],
    ["b", "a", ["b", "a", "c"]],
  ])("%s before %s", (id, before, expected) => {
    const { lines, done } = run(moveClauseBefore(id, before), ...text);
    expect(done).toBe(true);
    expect(ids(lines)).toEqual(expected);
  });

  test.each<[string, string | null]>([
    ["a", "b"],
    ["a", "a"],
    ["c", null],
    ["gone", "a"],
    ["a", "gone"],
  ])("%s before %s changes nothing", (id, before) => {
    expect(run(moveClauseBefore(id, before), ...text).done).toBe(false);
  });
});

describe("headings and notes", () => {
  test("count apart, and what follows a heading is no heading", () => {
    const { doc } = run(splitClause, "visa|v|un", "intertitre|h|Les réseaux^", "demande|d|deux");
    expect(numbered(doc).map(clauseName)).toEqual(["Visa 1", "Intertitre 1", "Demande 1", "Demande 2"]);
  });

  test("after a note the text goes on as before it", () => {
    const { lines } = run(addClauseAfter, "considerant|c|un", "note|n|Not^a");
    expect(lines[2]).toMatch(/^considerant\|/);
  });
});

describe("an excerpt dropped on a clause", () => {
  const after = (words: string): string => {
    const { doc } = run(citeIn("a", "7"), `demande|a|${words}`, "visa|b|^x");
    return doc.child(1).textBetween(0, doc.child(1).content.size, "/", (leaf) => `[${leaf.attrs["excerpt"]}]`);
  };

  test("is cited at its end, before the mark that closes it", () => {
    expect(after("Demande ceci ;")).toBe("Demande ceci[7] ;");
    expect(after("Demande ceci")).toBe("Demande ceci[7]");
    expect(after("un/deux.")).toBe("un/deux[7].");
  });

  test("is cited once", () => {
    const once = run(citeIn("a", "7"), "demande|a|x^").doc;
    let state = EditorState.create({ doc: once });
    expect(citeIn("a", "7")(state, (tr) => (state = state.apply(tr)))).toBe(false);
  });
});

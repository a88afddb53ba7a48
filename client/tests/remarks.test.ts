import { TextSelection } from "prosemirror-state";
import { afterEach, expect, test } from "vitest";

import { anchorOf, placeOf, type Anchor } from "../editor/anchors";
import { splitClause } from "../editor/commands";
import { GAP, stacked } from "../editor/stacking";
import { strokes } from "../editor/suggested";
import { motion } from "./motion";
import { flush, Replica, sharedText } from "./replicas";

const open: Replica[] = [];

/** Two people on one text. */
function pair(...clauses: string[]): [Replica, Replica] {
  const start = sharedText(motion(...clauses));
  const replicas = [new Replica(2, start, true), new Replica(3, start, false)] as const;
  open.push(...replicas);
  return [...replicas];
}

afterEach(() => open.splice(0).forEach((replica) => replica.destroy()));

/** Where some words stand. */
function rangeOf({ text }: Replica, words: string): [number, number] {
  let found: [number, number] = [0, 0];
  text.descendants((node, pos) => {
    const at = node.isText ? (node.text ?? "").indexOf(words) : -1;
    if (at >= 0) found = [pos + at, pos + at + words.length];
  });
  return found;
}

const anchored = (replica: Replica, words: string): Anchor =>
  anchorOf(replica.view.state, ...rangeOf(replica, words)) as Anchor;

function marked(replica: Replica, anchor: Anchor): string | null {
  const place = placeOf(replica.view.state, anchor);
  return place && `${replica.text.textBetween(place.from, place.to)}${place.changed ? " *" : ""}`;
}

test("a remark follows its words for everybody, whatever is written around, in and upon them (K1)", () => {
  const [ada, bo] = pair("demande|a|Demande un car le samedi, un car", "demande|b|Demande un train.");
  const anchor = anchored(ada, "un car le ");
  expect(anchor).toMatchObject({ clause: "a", quote: "un car le" });
  bo.place(1, 0);
  bo.type("Et ");
  flush([ada, bo]);
  expect([marked(ada, anchor), marked(bo, anchor)]).toEqual(["un car le", "un car le"]);
  const [at] = rangeOf(ada, "car le");
  ada.view.dispatch(ada.view.state.tr.insertText("grand ", at));
  flush([ada, bo]);
  expect([marked(ada, anchor), marked(bo, anchor)]).toEqual(["un grand car le *", "un grand car le *"]);
});

test("words that were copied by a split are found again, words that are gone are said to be", () => {
  const [ada, bo] = pair("demande|a|Demande un car le samedi", "demande|b|Demande un train.");
  const anchor = anchored(bo, "le samedi");
  const [at] = rangeOf(ada, "le samedi");
  const { tr } = ada.view.state;
  ada.view.dispatch(tr.setSelection(TextSelection.create(tr.doc, at)));
  ada.run(splitClause);
  flush([ada, bo]);
  expect([marked(ada, anchor), marked(bo, anchor)]).toEqual(["le samedi", "le samedi"]);
  const [from, to] = rangeOf(bo, "le samedi");
  bo.view.dispatch(bo.view.state.tr.delete(from, to));
  flush([ada, bo]);
  expect([marked(ada, anchor), marked(bo, anchor)]).toEqual([null, null]);
});

test("equal letters typed at the edge of the words are no part of them", () => {
  const [ada, bo] = pair("demande|a|rue du car");
  const anchor = anchored(ada, "rue");
  ada.place(1, 0);
  for (const letter of "Or ") ada.type(letter);
  flush([ada, bo]);
  expect(ada.text.textContent).toContain("Or rue du car");
  expect([marked(ada, anchor), marked(bo, anchor)]).toEqual(["rue", "rue"]);
});

test("the same words elsewhere are not the words that are gone", () => {
  const [ada] = pair("considerant|a|Considérant que le car", "considerant|b|Considérant que le train");
  const anchor = anchored(ada, "Considérant que le");
  const { clause } = anchor;
  expect(marked(ada, anchor)).toBe("Considérant que le");
  ada.view.dispatch(ada.view.state.tr.delete(...rangeOf(ada, "Considérant que le")));
  expect(ada.text.textContent).toContain("Considérant que le");
  expect([clause, marked(ada, anchor)]).toEqual(["b", null]);
});

test("an anchor that is none is worth its quote, a remark without words has no place of its own", () => {
  const [ada] = pair("demande|a|Demande un car");
  expect(marked(ada, { clause: "a", quote: "un car", anchor: "%%%.!.%" })).toBe("un car");
  expect(marked(ada, { clause: "gone", quote: "un car", anchor: "" })).toBeNull();
  expect(marked(ada, { clause: "a", quote: "", anchor: "" })).toBeNull();
  expect(anchorOf(ada.view.state, 1, 3)).toBeNull();
});

test("what a suggestion changes is shown in its clause as long as that says the same (K3)", () => {
  const doc = motion("demande|a|Demande un car/le samedi.");
  const pos = doc.child(0).nodeSize;
  const clause = doc.child(1);
  const pieces: Parameters<typeof strokes>[2] = [
    ["equal", "Demande "],
    ["delete", "un car"],
    ["insert", "deux cars"],
    ["equal", "\nle samedi.\n"],
    ["insert", " Merci."],
  ];
  const found = strokes(clause, pos, pieces) ?? [];
  expect(found.map((each) => ("from" in each ? doc.textBetween(each.from, each.to) : each.words))).toEqual([
    "un car",
    "deux cars",
    " Merci.",
  ]);
  const [first] = strokes(clause, pos, [["equal", "Demande "], ["insert", "vite "], ["equal", "un car\nle samedi."]]) ?? [];
  expect(first).toEqual({ at: pos + 2 + "Demande ".length, words: "vite " });
  expect(strokes(motion("demande|a|Demande trois cars.").child(1), pos, pieces)).toBeNull();
});

test("cards lie beside their words and never upon each other; the active one lies exactly there", () => {
  expect(stacked([100, 110, Infinity], [50, 50, 50], -1)).toEqual([100, 150 + GAP, 200 + 2 * GAP]);
  expect(stacked([100, 110, 120], [50, 50, 50], 1)).toEqual([110 - 50 - GAP, 110, 160 + GAP]);
});

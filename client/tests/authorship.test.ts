import { expect, test } from "vitest";
import * as Y from "yjs";

import { authorsOf, type Span } from "../editor/authorship";
import { clientsOf, lettersOf } from "../editor/letters";
import { motion } from "./motion";
import { flush, Replica, sharedText } from "./replicas";

/** Letters of each author in turn, as spans. */
function spans(text: string, authors: string[]): Span[] {
  const found: Span[] = [];
  [...text].forEach((letter, i) => {
    const last = found.at(-1);
    if (last && last[0] === authors[i]) last[1] += letter;
    else found.push([authors[i] ?? "", letter]);
  });
  return found;
}

const told = (recorded: Span[], text: string, elsewhere: Span[][] = []): Span[] =>
  spans(
    text,
    authorsOf(recorded, text, () => "", elsewhere).map((author) => author || "me"),
  );

test("what the record knows stays whose it is, what is newer is whose client wrote it (M12)", () => {
  const recorded: Span[] = [
    ["ana", "Demande un car"],
    ["bo", " le samedi"],
    ["ana", "."],
  ];
  expect(told(recorded, "Demande un car le samedi.")).toEqual(recorded);
  expect(told(recorded, "Demande un grand car le samedi matin.")).toEqual([
    ["ana", "Demande un "],
    ["me", "grand "],
    ["ana", "car"],
    ["bo", " le samedi"],
    ["me", " matin"],
    ["ana", "."],
  ]);
  expect(told(recorded, "Demande un cars.")).toEqual([
    ["ana", "Demande un car"],
    ["me", "s"],
    ["ana", "."],
  ]);
});

test("in the middle of a word, whose client typed a letter tells it from one that stood there", () => {
  const text = "Ces mots.entre";
  const live = (at: number): string => (at > 0 && at < 9 ? "bo" : "");
  const recorded: Span[] = [["ana", "Centre"]];
  expect(spans(text, authorsOf(recorded, text, live))).toEqual([
    ["ana", "C"],
    ["bo", "es mots."],
    ["ana", "entre"],
  ]);
});

test("words that came from another clause keep their authors", () => {
  const elsewhere: Span[][] = [[["bo", "Considérant le code, "], ["ana", "et la loi, "]]];
  expect(told([], " et la loi, le code", elsewhere)).toEqual([["me", " et la loi, le code"]]);
  expect(told([], "le code, et la loi,", elsewhere)).toEqual([
    ["bo", "le code, "],
    ["ana", "et la loi,"],
  ]);
});

test("each letter on the page is found with the client that wrote it", () => {
  const start = sharedText(motion("demande|a|Demande un car/le samedi."));
  const [ada, bo] = [new Replica(7, start, true), new Replica(8, start, false)];
  ada.place(1, 0);
  ada.type("On ");
  flush([ada, bo]);
  const pos = bo.text.child(0).nodeSize;
  const { text, positions } = lettersOf(bo.text.child(1), pos);
  const clients = clientsOf(bo.binding.type.get(1) as Y.XmlElement);
  expect(text).toBe("On Demande un carle samedi.");
  expect(spans(text, clients.map(String))).toEqual([
    ["7", "On "],
    ["1", "Demande un carle samedi."],
  ]);
  expect(bo.text.textBetween(positions[17] as number, (positions[17] as number) + 2)).toBe("le");
  [ada, bo].forEach((replica) => replica.destroy());
});

import { expect, test } from "vitest";
import * as Y from "yjs";

import { Authorship, type LetterId, type Span } from "../editor/authorship";
import { itemsOf, lettersOf } from "../editor/letters";
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

const items = (client: number, clock: number, count: number): LetterId[] =>
  Array.from({ length: count }, (_, i) => [client, clock + i]);

test("a letter is whose client inserted it, also beside a like one (M15)", () => {
  const authorship = new Authorship();
  authorship.own(1, "ana");
  authorship.own(2, "bo");
  const letters = [...items(1, 0, 1), ...items(2, 0, 8), ...items(1, 1, 5)];
  expect(spans("Ces mots.entre", letters.map((item) => authorship.of(item)))).toEqual([
    ["ana", "C"],
    ["bo", "es mots."],
    ["ana", "entre"],
  ]);
  expect(authorship.of([3, 0])).toBe("");
});

test("words that were moved stay whose the record says they are, wherever others write since (M12)", () => {
  const authorship = new Authorship();
  authorship.own(1, "ana");
  authorship.own(2, "bo");
  const clause = { id: "a", text: "le code et", items: items(2, 5, 10) };
  authorship.learn([clause, { id: "b", text: "neuf", items: items(1, 9, 4) }], {
    a: [
      ["ana", "le code"],
      ["bo", " et"],
    ],
    b: [["bo", "vieux"]],
  });
  expect([authorship.of([2, 5]), authorship.of([2, 11]), authorship.of([2, 12])]).toEqual(["ana", "ana", "bo"]);
  expect([authorship.of([2, 40]), authorship.of([1, 9])]).toEqual(["bo", "ana"]);
  authorship.learn([clause], { a: [["bo", "le code et"]] });
  expect(authorship.of([2, 5])).toBe("bo");
});

test("each letter on the page is found with the client that wrote it", () => {
  const start = sharedText(motion("demande|a|Demande un car/le samedi."));
  const [ada, bo] = [new Replica(7, start, true), new Replica(8, start, false)];
  ada.place(1, 0);
  ada.type("On ");
  flush([ada, bo]);
  const pos = bo.text.child(0).nodeSize;
  const { text, positions } = lettersOf(bo.text.child(1), pos);
  const clients = itemsOf(bo.binding.type.get(1) as Y.XmlElement).map(([client]) => client);
  expect(text).toBe("On Demande un carle samedi.");
  expect(spans(text, clients.map(String))).toEqual([
    ["7", "On "],
    ["1", "Demande un carle samedi."],
  ]);
  expect(bo.text.textBetween(positions[17] as number, (positions[17] as number) + 2)).toBe("le");
  [ada, bo].forEach((replica) => replica.destroy());
});

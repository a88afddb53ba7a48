import type { Node } from "prosemirror-model";
import { afterEach, describe, expect, test } from "vitest";

import { idOf } from "../editor/clauses";
import { moveClause, moveClauseBefore, splitClause } from "../editor/commands";
import { doubles, type Double } from "../editor/doubles";
import { schema } from "../editor/schema";
import { motion, seeded, written } from "./motion";
import { flush, Replica, sharedText } from "./replicas";

const named = (doc: Node): string[] =>
  doubles(doc).map(({ clause, other, from, to }) =>
    [idOf(clause.node), idOf(other.node), doc.textBetween(from, to, "/")].join("|"),
  );

describe("words that stand twice", () => {
  const tail = "qu’il faut agir partout";

  test("a clause that repeats its neighbour", () => {
    expect(named(motion("considerant|a|que tout va", "considerant|b|que tout va", "demande|c|", "demande|d|"))).toEqual([
      "b|a|que tout va",
    ]);
  });

  test("a clause that another one holds, wherever the two stand", () => {
    const far = ["visa|x|Vu la Constitution", "demande|y|un fonds pour les digues"];
    expect(named(motion(`visa|b|${tail}`, ...far, `visa|c|${tail} et vite`))).toEqual([`b|c|${tail}`]);
    expect(named(motion(`visa|b|Considérant ${tail}`, ...far, `visa|c|${tail}`))).toEqual([`c|b|${tail}`]);
    expect(named(motion(`visa|b|Considérant ${tail} et vite`, ...far, `visa|c|${tail}`))).toEqual([`c|b|${tail}`]);
    expect(named(motion(`visa|b|${tail}`, ...far, `visa|c|${tail}`))).toEqual([`c|b|${tail}`]);
  });

  test("the short end of another clause, as a split leaves it, but no heading", () => {
    const far = "demande|y|un fonds pour les digues";
    expect(named(motion("visa|a| France ;", far, "visa|b|Vu le code rural en France ;"))).toEqual(["a|b| France ;"]);
    expect(named(motion("intertitre|a|Logement", far, "intertitre|b|Emploi et Logement"))).toEqual([]);
  });

  test("an end with which another clause begins: it goes, and what each says alone stays", () => {
    const doc = motion(
      "demande|a|Que la région rouvre la ligne/et que les trains du soir circulent chaque jour",
      "visa|x|Vu la loi",
      "demande|b|et que les trains du soir circulent chaque jour, dimanche compris",
    );
    expect(named(doc)).toEqual(["a|b|et que les trains du soir circulent chaque jour"]);
  });

  test.each([
    ["short words, apart", motion("visa|a|Vu la loi", "demande|y|un fonds", "visa|b|Vu la loi")],
    ["a beginning in common", motion("visa|a|Vu la loi", "visa|b|Vu la loi du 7 octobre")],
    [
      "a long beginning in common",
      motion(
        "demande|a|Que l’État finance les maternités de proximité",
        "demande|b|Que l’État finance les maternités du littoral",
      ),
    ],
    ["parts of words", motion("visa|a|onseil de la comm", "visa|b|Vu le conseil de la commune")],
    ["a clause and a note upon it", motion(`visa|a|${tail}`, `note|b|${tail}`)],
  ])("%s: no double", (_, doc) => expect(named(doc)).toEqual([]));

  test("a clause with a citation of its own is no double", () => {
    const citing = (id: string, excerpt: string): Node =>
      schema.node("clause", { id, kind: "visa" }, [
        schema.node("paragraph", null, [schema.text(tail), schema.node("citation", { excerpt })]),
      ]);
    const doc = (...clauses: Node[]): Node => schema.node("doc", null, [schema.node("title"), ...clauses]);
    expect(named(doc(citing("a", "1"), citing("b", "2")))).toEqual([]);
    expect(named(doc(citing("a", "1"), citing("b", "1")))).toHaveLength(1);
  });
});

let open: Replica[] = [];
afterEach(() => {
  open.forEach((replica) => replica.destroy());
  open = [];
});

/** Presses the remedy until there is nothing left to mend. */
function mend(replica: Replica): void {
  for (let found: Double | undefined; (found = doubles(replica.text)[0]);)
    replica.view.dispatch(replica.view.state.tr.delete(found.from, found.to));
}

const CLAUSES = [
  "visa|aaaaaaaaa1|Vu la charte des communes et le pacte rural de juin",
  "considerant|aaaaaaaaa2|Considérant les hôpitaux fermés puis les gares sans guichet",
  "considerant|aaaaaaaaa3|Considérant des rivières polluées avec une eau devenue rare",
  "demande|aaaaaaaaa4|Demande un fonds pour digues ainsi que davantage de médecins",
  "demande|aaaaaaaaa5|Demande trois trains du soir et leurs correspondances à quai",
];

function two(clauses: string[]): [Replica, Replica] {
  const start = sharedText(motion(...clauses));
  open = [new Replica(11, start, true), new Replica(12, start, false)];
  return open as [Replica, Replica];
}

test("a move beside a split leaves words twice, far apart: both screens say so, and one press mends it", () => {
  const [anne, bruno] = two(CLAUSES);
  anne.place(4, 0);
  anne.run(moveClauseBefore("aaaaaaaaa4", "aaaaaaaaa1"));
  bruno.place(4, 0.5);
  bruno.run(splitClause);
  flush(open);
  expect(named(anne.text)).toHaveLength(1);
  expect(named(bruno.text)).toEqual(named(anne.text));
  const apart = doubles(anne.text).map(({ clause, other }) => Math.abs(clause.index - other.index));
  expect(apart[0]).toBeGreaterThan(1);
  mend(bruno);
  flush(open);
  expect(named(anne.text)).toEqual([]);
  expect(lettersOf(anne.text)).toBe(ALL);
  expect(written(bruno.text)).toEqual(written(anne.text));
});

/** Every letter, sorted: alike only where each stands as often. A split may divide a word, so that words do not tell. */
const letters = (words: string): string => [...words.replace(/\s/g, "")].sort().join("");

const lettersOf = (doc: Node): string => letters(doc.textBetween("Titre".length + 2, doc.content.size, " "));
const ALL = letters(CLAUSES.map((line) => line.split("|")[2]).join(""));

/** `VITE_SEEDS=5000 npx vitest run tests/doubles.test.ts` looks deeper. */
const LIVES = Number(import.meta.env["VITE_SEEDS"] ?? 150);

test("whoever splits beside whoever moves, in any order: after the remedies every letter stands once", { timeout: 600_000 }, () => {
  for (let seed = 1; seed <= LIVES; seed += 1) {
    const random = seeded(seed);
    const replicas = two(CLAUSES);
    const [mover, splitter] = random() < 0.5 ? replicas : (replicas.slice().reverse() as [Replica, Replica]);
    const block = 1 + Math.floor(random() * 5);
    mover.place(block, 0);
    const ids = [...CLAUSES.map((line) => line.split("|")[1] ?? ""), null];
    const target = ids[Math.floor(random() * ids.length)] ?? null;
    mover.run(random() < 0.3 ? moveClause(random() < 0.5 ? -1 : 1) : moveClauseBefore(ids[block - 1] ?? "", target));
    splitter.place(block, 0.4 + 0.2 * random());
    splitter.run(splitClause);
    flush(open);
    expect(named(open[0]?.text as Node), `seed ${seed}`).toEqual(named(open[1]?.text as Node));
    mend(splitter);
    flush(open);
    expect(lettersOf(open[0]?.text as Node), `seed ${seed}`).toBe(ALL);
    open.forEach((replica) => replica.destroy());
  }
});

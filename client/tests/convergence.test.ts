import { afterEach, describe, expect, test } from "vitest";

import { idOf, kindOf } from "../editor/clauses";
import {
  addClauseAfter,
  citeIn,
  deleteClause,
  mergeBackward,
  moveClause,
  moveClauseBefore,
  newParagraph,
  setKind,
  splitClause,
  toggleList,
} from "../editor/commands";
import { doubles } from "../editor/doubles";
import { wordsOf } from "../editor/rescue";
import { KINDS, schema } from "../editor/schema";
import { motion, seeded, written } from "./motion";
import { flush, Replica, sharedText } from "./replicas";

const START = [
  "visa|aaaaaaaaa1|Vu la loi",
  "considerant|aaaaaaaaa2|Considérant un et deux",
  "demande|aaaaaaaaa3|Demande ceci",
];

let open: Replica[] = [];
afterEach(() => {
  open.forEach((replica) => replica.destroy());
  open = [];
});

function people(count: number, ...clauses: string[]): Replica[] {
  const start = sharedText(motion(...(clauses.length ? clauses : START)));
  open = Array.from({ length: count }, (_, i) => new Replica(10 + i, start, i === 0));
  return open;
}

const two = (...clauses: string[]): [Replica, Replica] => people(2, ...clauses) as [Replica, Replica];

function check(replicas: Replica[]): void {
  const [first, ...rest] = replicas.map((replica) => replica.text.toJSON() as object);
  rest.forEach((text) => expect(text).toEqual(first));
  const { text, doc } = replicas[0] as Replica;
  const ids = text.children.filter((node) => node.type === schema.nodes.clause).map(idOf);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.every((id) => id)).toBe(true);
  expect(text.firstChild?.type.name).toBe("title");
  expect(text.children.filter((node) => node.type === schema.nodes.title)).toHaveLength(1);
  expect(doc.getXmlFragment("prosemirror").length).toBe(text.childCount);
  text.check();
}

describe("two people at once", () => {
  test("Enter by one, words before that point by the other: the words stay in their clause", () => {
    const [anne, bruno] = two("visa|aaaaaaaaa1|un deux");
    anne.place(1, 0.45);
    bruno.place(1, 0);
    anne.run(splitClause);
    bruno.type("Vu ");
    flush(open);
    check(open);
    expect(written(anne.text)[0]).toBe("visa|aaaaaaaaa1|Vu un ");
  });

  test("Enter by one, words after that point by the other: no word is lost", () => {
    const [anne, bruno] = two("visa|aaaaaaaaa1|un deux");
    anne.place(1, 0.45);
    bruno.place(1, 1);
    anne.run(splitClause);
    bruno.type(" trois");
    flush(open);
    check(open);
    expect(anne.text.textContent).toContain("trois");
  });

  test("both press Enter at the same place: ids stay apart, the double is noticed and can go", () => {
    const [anne, bruno] = two("visa|aaaaaaaaa1|un deux");
    for (const person of [anne, bruno]) {
      person.place(1, 0.45);
      person.run(splitClause);
    }
    flush(open);
    check(open);
    expect(written(anne.text)).toHaveLength(3);
    expect(doubles(anne.text)).toHaveLength(1);
  });

  test("a clause moves while the other writes in its neighbour: the words stay in the neighbour", () => {
    const [anne, bruno] = two();
    anne.settled = new Set(["aaaaaaaaa1"]);
    anne.place(2, 0);
    bruno.place(1, 1);
    anne.run(moveClause(-1));
    bruno.type(" de 2026");
    flush(open);
    check(open);
    expect(written(anne.text)[1]).toBe("visa|aaaaaaaaa1|Vu la loi de 2026");
  });

  test("both give an empty text its title and first clause: one title remains", () => {
    const [anne] = people(2, "visa|aaaaaaaaa1|");
    anne?.view.dispatch(anne.view.state.tr.delete(0, anne.text.content.size));
    flush(open);
    check(open);
  });

  test("each undoes only what they did", () => {
    const [anne, bruno] = two("visa|aaaaaaaaa1|un");
    anne.place(1, 1);
    bruno.place(1, 0);
    anne.type(" deux");
    bruno.type("zéro ");
    flush(open);
    anne.run((state) => {
      const key = state.plugins.find(
        (plugin) => plugin.spec.key && "undoManager" in ((plugin.getState(state) ?? {}) as object),
      );
      return (key?.getState(state) as { undoManager: { undo: () => unknown } }).undoManager.undo() !== null;
    });
    flush(open);
    check(open);
    expect(written(anne.text)).toEqual(["visa|aaaaaaaaa1|zéro un"]);
  });
});

/** One letter that nobody else types, so that each can be found again. */
const letter = (n: number): string => String.fromCharCode(0x4e00 + n);

type Act = (replica: Replica, random: () => number) => void;

/** The id of some clause, or null for the end of the text. */
function anyClause(replica: Replica, random: () => number): string | null {
  const clauses = replica.text.children.filter((node) => node.type === schema.nodes.clause);
  const chosen = clauses[Math.floor(random() * (clauses.length + 1))];
  return chosen ? idOf(chosen) : null;
}

const typing: Act[] = [];
const splitting: Act[] = [(replica) => replica.run(splitClause)];
const rearranging: Act[] = [
  ...splitting,
  (replica) => replica.run(newParagraph),
  (replica) => replica.run(mergeBackward),
  (replica) => replica.run(moveClause(-1)),
  (replica) => replica.run(moveClause(1)),
  (replica) => replica.run(toggleList("bullet_list")),
];
const everything: Act[] = [
  ...rearranging,
  (replica) => replica.run(deleteClause),
  (replica, random) => replica.run(moveClauseBefore(anyClause(replica, random) ?? "", anyClause(replica, random))),
  (replica, random) => replica.run(citeIn(anyClause(replica, random) ?? "", String(1 + Math.floor(random() * 3)))),
  (replica) => replica.run(addClauseAfter),
  (replica, random) => replica.run(setKind(KINDS[Math.floor(random() * KINDS.length)] ?? "visa")),
];

const STEPS = 24;

/** People write, now and then hear of each other, and in the end of everything. Returns how many letters were typed. */
function live(replicas: Replica[], acts: Act[], random: () => number, steps: number): number {
  let letters = 0;
  for (let step = 0; step < steps; step += 1) {
    const replica = replicas[Math.floor(random() * replicas.length)] as Replica;
    replica.place(Math.floor(random() * 8), Math.floor(random() * 3) / 2);
    if (!acts.length || random() < 0.6) replica.type(letter(letters++));
    else acts[Math.floor(random() * acts.length)]?.(replica, random);
    if (random() < 0.15) flush(replicas);
  }
  flush(replicas);
  return letters;
}

/** How many lives each kind gets; `VITE_SEEDS=5000 npx vitest run tests/convergence.test.ts` looks deeper. */
const LIVES = Number(import.meta.env["VITE_SEEDS"] ?? 250);

/** Lives one after the other, so that thousands cost seconds; a failure names its seed. */
function lives(first: number, life: (replicas: Replica[], random: () => number) => void): void {
  for (let seed = first; seed < first + LIVES; seed += 1) {
    const replicas = people(2 + (seed % 2));
    try {
      life(replicas, seeded(seed));
      check(replicas);
    } catch (error) {
      throw new Error(`seed ${seed}`, { cause: error });
    }
    open.forEach((replica) => replica.destroy());
    open = [];
  }
}

const wholeText = ([first]: Replica[]): string => first?.text.textContent ?? "";

describe("any order of edits", () => {
  const long = 600_000;

  test("typing loses and doubles no letter", { timeout: long }, () => {
    lives(1, (replicas, random) => {
      const letters = live(replicas, typing, random, STEPS);
      for (let n = 0; n < letters; n += 1) expect(wholeText(replicas).split(letter(n))).toHaveLength(2);
    });
  });

  test("typing and Enter lose no letter", { timeout: long }, () => {
    lives(100_001, (replicas, random) => {
      const letters = live(replicas, splitting, random, STEPS);
      for (let n = 0; n < letters; n += 1) expect(wholeText(replicas)).toContain(letter(n));
    });
  });

  test("splitting, joining, moving and listing lose no letter that has a place", { timeout: long }, () => {
    lives(200_001, (replicas, random) => {
      const letters = live(replicas, rearranging, random, STEPS);
      const text = wholeText(replicas) + replicas.flatMap((each) => each.homeless.map(wordsOf)).join("");
      for (let n = 0; n < letters; n += 1) expect(text).toContain(letter(n));
    });
  });

  test("merging, moving and deleting converge too", { timeout: long }, () => {
    lives(300_001, (replicas, random) => {
      live(replicas, everything, random, STEPS);
      replicas[0]?.text.forEach((node) => {
        if (node.type === schema.nodes.clause) expect(KINDS).toContain(kindOf(node));
      });
    });
  });
});

import type { Command } from "prosemirror-state";
import { afterEach, describe, expect, test } from "vitest";
import { Awareness } from "y-protocols/awareness";
import * as Y from "yjs";

import { boundCursors } from "../editor/caret";
import { moveClause, splitClause } from "../editor/commands";
import { schema } from "../editor/schema";
import { difference } from "../editor/wording";
import { motion, seeded, written } from "./motion";
import { flush, Replica, sharedText } from "./replicas";

let open: Replica[] = [];
afterEach(() => {
  open.forEach((replica) => replica.destroy());
  open = [];
});

function people(count: number, start: Uint8Array, clients: readonly number[] = [11, 12, 13]): Replica[] {
  open = Array.from({ length: count }, (_, i) => new Replica(clients[i] ?? 20 + i, start, i === 0));
  return open;
}

const SENTENCES = [
  "Les communes rurales attendent un médecin.",
  "Il faut allonger les délais de recours.",
  "La région finance les trains du soir.",
];

/** One person's way of typing and line: milliseconds between keys, and from them to the others. */
interface Pace {
  key: number;
  line: number;
}

interface Happening {
  at: number;
  order: number;
  act: () => void;
}

/** What happens, in the order of a clock that the test alone moves. */
class Hall {
  #agenda: Happening[] = [];
  #order = 0;
  #arrivals = new Map<string, number>();
  now = 0;

  constructor(
    private readonly replicas: Replica[],
    private readonly paces: Pace[],
    private readonly random: () => number,
  ) {}

  plan(delay: number, act: () => void): void {
    this.#agenda.push({ at: this.now + delay, order: (this.#order += 1), act });
  }

  run(): void {
    for (;;) {
      this.#agenda.sort((a, b) => a.at - b.at || a.order - b.order);
      const next = this.#agenda.shift();
      if (!next) return;
      this.now = next.at;
      next.act();
      this.replicas.forEach((_, from) => this.#send(from));
    }
  }

  #send(from: number): void {
    for (const update of (this.replicas[from] as Replica).outbox.splice(0)) {
      this.replicas.forEach((replica, to) => {
        if (to === from) return;
        const line = (this.paces[from]?.line ?? 0) + (this.paces[to]?.line ?? 0);
        // Frames keep their order on one line.
        const at = Math.max(this.now + line * (0.8 + 0.4 * this.random()), this.#arrivals.get(`${from} ${to}`) ?? 0);
        this.#arrivals.set(`${from} ${to}`, at);
        this.plan(at - this.now, () => {
          replica.receive(update);
          this.plan(0, () => replica.settle());
        });
      });
    }
  }

  /** Types letter by letter; now and then a wrong letter, which is taken back. */
  type(who: number, words: string, errs = false): void {
    const replica = this.replicas[who] as Replica;
    const { key } = this.paces[who] as Pace;
    let delay = this.random() * key * 4;
    for (const letter of words) {
      if (errs && this.random() < 0.1) {
        this.plan((delay += key), () => replica.type("ù"));
        this.plan((delay += key), () => replica.backspace());
      }
      const command = COMMANDS[letter];
      const press = (): unknown => (command ? replica.run(command) : replica.type(letter));
      this.plan((delay += key * (0.5 + this.random())), press);
    }
  }
}

/** What a person does between sentences. */
const COMMANDS: Record<string, Command> = { "\n": splitClause, "↑": moveClause(-1) };

/** Lines from fibre to satellite. */
const LINES = [5, 30, 120, 300, 600];
const KEYS = [40, 90, 160, 240];

const pick = <Value>(values: readonly Value[], random: () => number): Value =>
  values[Math.floor(random() * values.length)] as Value;

/** `VITE_SEEDS=5000 npx vitest run tests/sentences.test.ts` looks deeper. */
const LIVES = Number(import.meta.env["VITE_SEEDS"] ?? 25);

interface Scene {
  start: Uint8Array;
  place: (replica: Replica) => void;
  errs?: boolean;
  /** What each person types: sentences, with Enter between them. */
  types?: readonly string[];
}

function play(scene: Scene, seed: number): void {
  const random = seeded(seed);
  const count = 2 + (seed % 2);
  const clients = [11, 12, 13].sort(() => random() - 0.5);
  const replicas = people(count, scene.start, clients);
  const paces = replicas.map(() => ({ key: pick(KEYS, random), line: pick(LINES, random) }));
  const hall = new Hall(replicas, paces, random);
  replicas.forEach(scene.place);
  const types = scene.types ?? SENTENCES;
  replicas.forEach((_, who) => hall.type(who, types[who] ?? "", scene.errs));
  hall.run();
  flush(replicas);
  const text = replicas[0]?.text.textBetween(0, replicas[0].text.content.size, "\n") ?? "";
  for (const other of replicas.slice(1)) expect(written(other.text)).toEqual(written(replicas[0]?.text ?? other.text));
  const sentences = replicas.flatMap((_, who) => (types[who] ?? "").split(/[\n↑]/));
  for (const sentence of sentences) expect(text).toContain(sentence);
}

function plays(first: number, scene: Scene): void {
  for (let seed = first; seed < first + LIVES; seed += 1) {
    try {
      play(scene, seed);
    } catch (error) {
      throw new Error(`seed ${seed}`, { cause: error });
    }
    open.forEach((replica) => replica.destroy());
    open = [];
  }
}

const long = { timeout: 600_000 };
const at = (block: number, fraction: number) => (replica: Replica): void => replica.place(block, fraction);
const text = (words: string): Uint8Array => sharedText(motion(`visa|aaaaaaaaa1|${words}`));

/** A clause that ends with a citation, after which nothing stands yet. */
const cited = sharedText(
  schema.node("doc", null, [
    schema.node("title"),
    schema.node("clause", { id: "aaaaaaaaa1", kind: "visa" }, [
      schema.node("paragraph", null, [schema.text("Vu la loi "), schema.node("citation", { excerpt: "1" })]),
    ]),
  ]),
);

describe("sentences typed at one place at once stay whole", () => {
  test("at the end of a paragraph", long, () => plays(1, { start: text("Vu la loi. "), place: at(1, 1) }));
  test("at its start", long, () => plays(10_001, { start: text(" Vu la loi."), place: at(1, 0) }));
  test("in its middle", long, () => plays(20_001, { start: text("Vu la loi des lois."), place: at(1, 0.5) }));
  test("in an empty paragraph", long, () => plays(30_001, { start: text(""), place: at(1, 0) }));
  test("in an empty title", long, () => plays(35_001, { start: cited, place: at(0, 0) }));
  test("after a citation", long, () => plays(40_001, { start: cited, place: at(1, 1) }));
  test("with letters taken back", long, () =>
    plays(50_001, { start: text("Vu la loi. "), place: at(1, 1), errs: true }));

  test("where one presses Enter in front of what the others are typing", long, () =>
    plays(60_001, {
      start: text("Vu la loi. "),
      place: at(1, 1),
      types: ["Le fleuve déborde.\nLes digues cèdent.", SENTENCES[1] ?? "", SENTENCES[2] ?? ""],
    }));

  test("where one moves the clause in which the others are typing", long, () =>
    plays(70_001, {
      start: sharedText(motion("visa|aaaaaaaaa1|Vu la loi.", "visa|aaaaaaaaa2|Vu le code. ")),
      place: at(2, 1),
      types: ["Le fleuve déborde.↑Les digues cèdent.", SENTENCES[1] ?? "", SENTENCES[2] ?? ""],
    }));
});

describe("a caret", () => {
  const two = (words: string): [Replica, Replica] => people(2, text(words)) as [Replica, Replica];
  const caret = ({ view }: Replica): number => view.state.selection.$head.parentOffset;

  test("stays in front of what others insert at it", () => {
    const [anne, bruno] = two("Vu la loi");
    anne.place(1, 1);
    bruno.place(1, 1);
    bruno.type(" et le code");
    flush(open);
    expect(caret(anne)).toBe("Vu la loi".length);
    expect(caret(bruno)).toBe("Vu la loi et le code".length);
  });

  test("stays where it is when others write after an undo", () => {
    const [anne, bruno] = two("Vu la loi");
    anne.place(1, 0);
    anne.type("Et ");
    anne.undo();
    anne.place(1, 1);
    bruno.place(1, 0);
    bruno.type("Oui : ");
    flush(open);
    expect(written(anne.text)).toEqual(["visa|aaaaaaaaa1|Oui : Vu la loi"]);
    expect(caret(anne)).toBe("Oui : Vu la loi".length);
  });

  test("a range neither grows over what others insert at its ends nor loses its letters", () => {
    const [anne, bruno] = two("Vu la loi");
    anne.select(1, 3, 5);
    bruno.place(1, 3 / 9);
    bruno.type("toute ");
    bruno.select(1, 11, 11);
    bruno.type(" seule");
    flush(open);
    const { from, to } = anne.view.state.selection;
    expect(written(anne.text)).toEqual(["visa|aaaaaaaaa1|Vu toute la seule loi"]);
    expect(anne.text.textBetween(from, to)).toBe("la");
  });

  test("is told to others bound to the letter on its left, and told once", () => {
    const [anne, bruno] = two("Vu la loi");
    const awareness = new Awareness(anne.doc);
    const bound = boundCursors(awareness);
    const told: unknown[] = [];
    awareness.on("update", () => told.push(awareness.getLocalState()?.["cursor"]));
    const element = (anne.doc.getXmlFragment("prosemirror").get(1) as Y.XmlElement).get(0) as Y.XmlElement;
    const end = Y.createRelativePositionFromTypeIndex(element.get(0) as Y.XmlText, "Vu la loi".length);
    bound.setLocalStateField("cursor", { anchor: end, head: end });
    bound.setLocalStateField("cursor", { anchor: end, head: end });
    expect(told).toHaveLength(1);
    bruno.place(1, 1);
    bruno.type(" et le code");
    flush(open);
    const { head } = told[0] as { head: Y.RelativePosition };
    expect(Y.createAbsolutePositionFromRelativePosition(head, anne.doc)?.index).toBe("Vu la loi".length);
    awareness.destroy();
  });
});

/** Which letters came, which went, and where: of equal letters side by side, those at the caret. */
test.each([
  ["les", "lles", 1, [0, 0, "l"]],
  ["les", "lles", 2, [1, 0, "l"]],
  ["lles", "les", 0, [0, 1, ""]],
  ["lles", "les", 1, [1, 1, ""]],
  ["aaaa", "aaaaaa", 3, [1, 0, "aa"]],
  ["un deux", "un trois deux", 9, [3, 0, "trois "]],
  ["un deux", "un 2", 4, [3, 4, "2"]],
  ["👍", "👎", 2, [0, 2, "👎"]],
  ["", "a", 1, [0, 0, "a"]],
])("from « %s » to « %s » with the caret at %i", (before, after, caret, [index, remove, insert]) => {
  expect(difference(before, after, caret)).toEqual({ index, remove, insert });
});

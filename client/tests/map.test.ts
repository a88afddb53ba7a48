import { describe, expect, test } from "vitest";
import * as Y from "yjs";

import { bounds, landing, layOut, wrap } from "../map/layout";
import { Drawing, flatten, grow, keyBetween, readNodes, resolvedParents, type MapNode } from "../map/model";
import { seeded } from "./motion";

const node = (id: string, parent: string, order = "a0", text = id): MapNode => ({
  id,
  parent,
  order,
  text,
  excerpts: [],
});
const nodes = (...list: MapNode[]): Map<string, MapNode> => new Map(list.map((each) => [each.id, each]));

/** The map as indented lines. */
const lines = (drawing: Drawing): string[] =>
  flatten(drawing.branches).map((branch) => `${"-".repeat(branch.level)}${branch.node.text}`);

function drawingOf(...words: string[]): { drawing: Drawing; ids: string[] } {
  const drawing = new Drawing(new Y.Doc());
  drawing.watch(() => undefined);
  const ids = words.map((each) => {
    const id = drawing.add("");
    drawing.rename(id, each);
    return id;
  });
  return { drawing, ids };
}

describe("parents", () => {
  test("orphans become main branches", () => {
    expect([...resolvedParents(nodes(node("b", "gone"), node("c", "b"))).values()]).toEqual(["", "b"]);
  });

  test("a cycle is cut at its smallest id, whatever the order of the nodes", () => {
    const cycle = [node("c", "a"), node("a", "b"), node("b", "c"), node("d", "c")];
    for (const list of [cycle, [...cycle].reverse()]) {
      const parents = resolvedParents(nodes(...list));
      expect(Object.fromEntries(parents)).toEqual({ a: "", b: "c", c: "a", d: "c" });
    }
  });

  test("a node that is its own parent stands alone", () => {
    expect(resolvedParents(nodes(node("a", "a"))).get("a")).toBe("");
  });

  test("siblings sort by key, then by id", () => {
    const tree = grow(nodes(node("b", "", "a1"), node("c", "", "a0"), node("a", "", "a1")));
    expect(tree.map((branch) => branch.node.id)).toEqual(["c", "a", "b"]);
  });
});

describe("keys", () => {
  test("fit between their neighbours, foreign ones too", () => {
    for (const [before, after] of [
      ["", ""],
      ["a0", ""],
      ["", "a0"],
      ["a0", "a1"],
      ["a0", "a0V"],
      ["x", ""],
      ["m", "n"],
    ] as const) {
      const key = keyBetween(before, after);
      expect(key > before).toBe(true);
      if (after) expect(key < after).toBe(true);
    }
  });
});

describe("drawing", () => {
  test("adds, moves, indents and shifts", () => {
    const { drawing, ids } = drawingOf("un", "deux", "trois");
    const [one = "", two = "", three = ""] = ids;
    expect(lines(drawing)).toEqual(["-un", "-deux", "-trois"]);
    drawing.indent(two);
    drawing.shift(three, -1);
    expect(lines(drawing)).toEqual(["-trois", "-un", "--deux"]);
    drawing.outdent(two);
    expect(lines(drawing)).toEqual(["-trois", "-un", "-deux"]);
    drawing.shift(three, 1);
    expect(lines(drawing)).toEqual(["-un", "-trois", "-deux"]);
    drawing.rename(drawing.add("", one), "un bis");
    expect(lines(drawing)).toEqual(["-un", "-un bis", "-trois", "-deux"]);
  });

  test("lets no branch grow from itself", () => {
    const { drawing, ids } = drawingOf("un", "deux");
    const [one = "", two = ""] = ids;
    drawing.indent(two);
    expect(drawing.move(one, two)).toBe(false);
    expect(drawing.move(one, one)).toBe(false);
  });

  test("removes with all below, and undo brings all back", () => {
    const { drawing, ids } = drawingOf("un", "deux");
    const [one = "", two = ""] = ids;
    drawing.indent(two);
    drawing.attach(two, "7");
    expect(drawing.remove(one)).toBe(2);
    expect(lines(drawing)).toEqual([]);
    drawing.undoManager.undo();
    expect(lines(drawing)).toEqual(["-un", "--deux"]);
    expect(drawing.branch(two)?.node.excerpts).toEqual(["7"]);
    drawing.detach(two, "7");
    expect(drawing.branch(two)?.node.excerpts).toEqual([]);
  });
});

describe("several people", () => {
  function shared(count: number): { docs: Y.Doc[]; drawings: Drawing[]; meet: () => void } {
    const docs = Array.from({ length: count }, () => new Y.Doc());
    docs.forEach((doc, i) => (doc.clientID = 10 + i));
    const drawings = docs.map((doc) => new Drawing(doc));
    drawings.forEach((drawing) => drawing.watch(() => undefined));
    const meet = (): void => {
      for (const from of docs) for (const to of docs) Y.applyUpdate(to, Y.encodeStateAsUpdate(from));
    };
    return { docs, drawings, meet };
  }

  test("two who add at once lose nothing", () => {
    const { drawings, meet } = shared(2);
    drawings.forEach((drawing, i) => drawing.rename(drawing.add(""), `idée ${i}`));
    meet();
    expect(lines(drawings[0] as Drawing).sort()).toEqual(["-idée 0", "-idée 1"]);
    expect(lines(drawings[1] as Drawing)).toEqual(lines(drawings[0] as Drawing));
  });

  test("opposed moves keep both branches", () => {
    const { drawings, meet } = shared(2);
    const [anne, bruno] = drawings as [Drawing, Drawing];
    const [a, b] = [anne.add(""), anne.add("")];
    meet();
    anne.move(a, b);
    bruno.move(b, a);
    meet();
    expect(flatten(anne.branches)).toHaveLength(2);
    expect(lines(anne)).toEqual(lines(bruno));
  });

  test.each(Array.from({ length: 20 }, (_, i) => i + 1))(
    "seed %i: any edits converge to one tree that holds every node",
    (seed) => {
      const random = seeded(seed);
      const { docs, drawings, meet } = shared(3);
      for (let step = 0; step < 60; step += 1) {
        const drawing = drawings[Math.floor(random() * 3)] as Drawing;
        const all = flatten(drawing.branches);
        const pick = (): string => all[Math.floor(random() * all.length)]?.node.id ?? "";
        const act = Math.floor(random() * 6);
        if (act < 2 || !all.length) drawing.rename(drawing.add(random() < 0.5 ? pick() : ""), `n${step}`);
        else if (act === 2) drawing.move(pick(), pick());
        else if (act === 3) drawing.shift(pick(), random() < 0.5 ? 1 : -1);
        else if (act === 4) drawing.remove(pick());
        else drawing.indent(pick());
        if (random() < 0.2) meet();
      }
      meet();
      drawings.forEach((drawing) => expect(lines(drawing)).toEqual(lines(drawings[0] as Drawing)));
      expect(flatten(drawings[0]?.branches ?? [])).toHaveLength(readNodes((docs[0] as Y.Doc).getMap("nodes")).size);
    },
  );
});

describe("layout", () => {
  const measure = (text: string): number => text.length * 8;

  test("words wrap, and a long word stands alone", () => {
    expect(wrap("un deux trois", measure, 60)).toEqual(["un deux", "trois"]);
    expect(wrap("anticonstitutionnellement oui", measure, 60)).toEqual(["anticonstitutionnellement", "oui"]);
    expect(wrap("", measure)).toEqual(["…"]);
  });

  test("no two boxes touch, children stand right of their parent", () => {
    const random = seeded(7);
    const list = Array.from({ length: 80 }, (_, i) =>
      node(`n${i}`, i < 4 ? "" : `n${Math.floor(random() * i)}`, `a${i}`, "mot ".repeat(1 + Math.floor(random() * 12))),
    );
    const boxes = layOut("Carte", grow(nodes(...list)), new Set(), measure);
    expect(boxes).toHaveLength(81);
    for (const a of boxes) {
      if (a.parent) expect(a.x).toBeGreaterThan(a.parent.x + a.parent.width);
      for (const b of boxes) {
        const apart =
          a === b || a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y;
        expect(apart).toBe(true);
      }
    }
    const area = bounds(boxes);
    expect(boxes.every((box) => box.x >= area.x && box.y + box.height <= area.y + area.height)).toBe(true);
  });

  test("a collapsed branch says how much it hides", () => {
    const boxes = layOut("Carte", grow(nodes(node("a", ""), node("b", "a"), node("c", "b"))), new Set(["a"]), measure);
    expect(boxes.map(({ id, hidden }) => [id, hidden])).toEqual([
      ["", 0],
      ["a", 2],
    ]);
  });

  test("a drop lands before, inside or after a box", () => {
    const [, box] = layOut("Carte", grow(nodes(node("a", ""))), new Set(), measure);
    const at = (share: number) => box && landing([box], box.x + 5, box.y + box.height * share)?.place;
    expect([0.1, 0.5, 0.9].map(at)).toEqual(["before", "inside", "after"]);
    expect(box && landing([box], box.x - 50, 0)).toBeNull();
  });
});

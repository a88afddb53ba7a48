import { hierarchy, tree, type HierarchyPointNode } from "d3-hierarchy";

import type { Branch } from "./model";

export interface Box {
  /** "" for the root, which is the map's title. */
  id: string;
  x: number;
  y: number;
  width: number;
  height: number;
  lines: string[];
  level: number;
  excerpts: number;
  /** Number of nodes hidden by a collapsed branch. */
  hidden: number;
  parent: Box | null;
}

interface Item {
  id: string;
  lines: string[];
  excerpts: number;
  hidden: number;
  children: Item[];
}

export const LINE = 20;
const PADDING = 10;
const GAP = 12;
const COLUMN = 64;
const WIDEST = 210;

/** Breaks words into lines no wider than `widest` by `measure`; a word that is wider has a line of its own. */
export function wrap(text: string, measure: (text: string) => number, widest = WIDEST): string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/).filter((each) => each)) {
    const longer = lines.length ? `${lines.at(-1)} ${word}` : word;
    if (lines.length && measure(longer) <= widest) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines.length ? lines : ["…"];
}

/** Positions of the boxes: the title on the left, branches growing to the right, no two boxes overlapping. */
export function layOut(
  title: string,
  branches: Branch[],
  collapsed: ReadonlySet<string>,
  measure: (text: string) => number,
): Box[] {
  const item = (branch: Branch): Item => {
    const closed = collapsed.has(branch.node.id);
    return {
      id: branch.node.id,
      lines: wrap(branch.node.text, measure),
      excerpts: branch.node.excerpts.length,
      hidden: closed ? count(branch.children) : 0,
      children: closed ? [] : branch.children.map(item),
    };
  };
  const root: Item = { id: "", lines: wrap(title, measure), excerpts: 0, hidden: 0, children: branches.map(item) };
  const placed = tree<Item>()
    .nodeSize([1, 1])
    .separation((a, b) => (height(a.data) + height(b.data)) / 2 + (a.parent === b.parent ? GAP : GAP * 2))(
    hierarchy(root),
  );
  return boxes(placed, measure);
}

const count = (branches: Branch[]): number => branches.reduce((sum, branch) => sum + 1 + count(branch.children), 0);

const height = (item: Item): number => item.lines.length * LINE + PADDING * 2;

function boxes(root: HierarchyPointNode<Item>, measure: (text: string) => number): Box[] {
  const width = (item: Item): number => Math.max(...item.lines.map(measure)) + PADDING * 2 + (item.excerpts ? 26 : 0);
  const columns: number[] = [];
  root.each((node) => (columns[node.depth] = Math.max(columns[node.depth] ?? 0, width(node.data))));
  const starts = columns.map((_, depth) => columns.slice(0, depth).reduce((sum, each) => sum + each + COLUMN, 0));
  const boxes = new Map<HierarchyPointNode<Item>, Box>();
  root.eachBefore((node) => {
    const { id, lines, excerpts, hidden } = node.data;
    const tall = height(node.data);
    boxes.set(node, {
      id,
      lines,
      excerpts,
      hidden,
      level: node.depth,
      x: starts[node.depth] ?? 0,
      y: node.x - tall / 2,
      width: width(node.data),
      height: tall,
      parent: node.parent ? (boxes.get(node.parent) ?? null) : null,
    });
  });
  return [...boxes.values()];
}

/** The bounding rectangle of all boxes. */
export function bounds(all: Box[]): { x: number; y: number; width: number; height: number } {
  const left = Math.min(...all.map((box) => box.x));
  const top = Math.min(...all.map((box) => box.y));
  const right = Math.max(...all.map((box) => box.x + box.width));
  const bottom = Math.max(...all.map((box) => box.y + box.height));
  return { x: left, y: top, width: right - left, height: bottom - top };
}

export type Landing = { onto: string; place: "inside" | "before" | "after" };

/** Where something dropped at a point is inserted; null on the background. */
export function landing(all: Box[], x: number, y: number): Landing | null {
  const box = all.find(
    (each) => x >= each.x && x <= each.x + each.width && y >= each.y - GAP / 2 && y <= each.y + each.height + GAP / 2,
  );
  if (!box) return null;
  const share = (y - box.y) / box.height;
  if (box.id === "") return { onto: "", place: "inside" };
  return { onto: box.id, place: share < 0.25 ? "before" : share > 0.75 ? "after" : "inside" };
}

import type { Node } from "prosemirror-model";

import { cited, kindOf, numbered, type Numbered } from "./clauses";

/**
 * Duplicate words in a motion.
 *
 * Two edits made without knowing of each other may each insert a copy of the same words: two simultaneous Enters, or a
 * move and a split. No rule can tell which copy is meant, so both stay; people are shown them, and one button removes
 * one.
 */
export interface Double {
  /** The clause with words that another one has as well. */
  clause: Numbered;
  other: Numbered;
  /** The range that can be deleted without losing words: the whole clause, or the end with which the other begins. */
  from: number;
  to: number;
}

/** Number of common letters that is no coincidence. */
const LONG = 16;
/** The same for a clause that is the end of another, as after a split. */
const TAIL = 6;
const OVERLAP = 24;

/** All duplicates in the motion, each clause once, in order; of two equal clauses the later is the duplicate. */
export function doubles(doc: Node): Double[] {
  const clauses = numbered(doc).filter(({ node }) => wordsOf(node));
  const found = new Map<number, Double>();
  clauses.forEach((later, j) => {
    for (const earlier of clauses.slice(0, j)) {
      if (earlier.kind !== later.kind || found.has(earlier.pos)) continue;
      const double = doubleOf(earlier, later, earlier.index + 1 === later.index);
      if (double && !found.has(double.clause.pos)) found.set(double.clause.pos, double);
      if (double?.clause === later) break;
    }
  });
  return [...found.values()].sort((a, b) => a.clause.pos - b.clause.pos);
}

function doubleOf(earlier: Numbered, later: Numbered, adjacent: boolean): Double | null {
  const { repeats, shared } = compared(earlier.node, later.node);
  const chance = earlier.node.content.eq(later.node.content) && wordsOf(later.node).length < LONG;
  if (repeats === "later" && (adjacent || !chance)) return whole(later, earlier);
  if (repeats === "earlier") return whole(earlier, later);
  if (shared > 0) return ending(earlier, later, shared);
  if (shared < 0) return ending(later, earlier, -shared);
  return null;
}

const whole = (clause: Numbered, other: Numbered): Double => ({
  clause,
  other,
  from: clause.pos,
  to: clause.pos + clause.node.nodeSize,
});

/** The last `size` letters of a clause. */
function ending(clause: Numbered, other: Numbered, size: number): Double {
  let rest = clause.node.textContent.trimEnd().length - size;
  let from = clause.pos;
  let to = clause.pos;
  clause.node.descendants((node, offset) => {
    const letters = node.isLeaf ? node.textContent.length : 0;
    if (!letters) return;
    const start = clause.pos + 1 + offset;
    if (rest >= 0 && rest < letters) from = start + rest;
    rest -= letters;
    to = start + node.nodeSize;
  });
  return { clause, other, from, to };
}

interface Comparison {
  /** Which of the two is contained in the other. */
  repeats: "earlier" | "later" | null;
  /** Number of letters at the end of the earlier and the beginning of the later one; negative if reversed. */
  shared: number;
}

/** A cache of comparisons: a keystroke changes one of hundreds of clauses. */
const known = new WeakMap<Node, WeakMap<Node, Comparison>>();

function compared(earlier: Node, later: Node): Comparison {
  const others = known.get(earlier) ?? new WeakMap<Node, Comparison>();
  known.set(earlier, others);
  const found = others.get(later) ?? compare(earlier, later);
  others.set(later, found);
  return found;
}

function compare(earlier: Node, later: Node): Comparison {
  if (earlier.content.eq(later.content) || isIn(later, earlier)) return { repeats: "later", shared: 0 };
  if (isIn(earlier, later)) return { repeats: "earlier", shared: 0 };
  return { repeats: null, shared: sharedEnd(earlier, later) || -sharedEnd(later, earlier) };
}

/** Whether a clause is a passage of another one. */
function isIn(one: Node, other: Node): boolean {
  const [words, all] = [wordsOf(one), wordsOf(other)];
  return words.length >= TAIL && words.length <= all.length && isPassage(one, words, all) && citesAll(other, one);
}

function isPassage(one: Node, words: string, all: string): boolean {
  if (kindOf(one) !== "intertitre" && all.endsWith(words) && isEdge(all, all.length - words.length)) return true;
  const at = words.length < LONG ? -1 : all.indexOf(words);
  return at >= 0 && (words.length >= OVERLAP || isEdge(all, at) || isEdge(all, at + words.length));
}

/** The number of letters that end one clause and begin another, if they are most of the shorter one. */
function sharedEnd(one: Node, other: Node): number {
  const [ending, beginning] = [wordsOf(one), wordsOf(other)];
  const least = Math.max(OVERLAP, Math.min(ending.length, beginning.length) / 2);
  if (least > beginning.length) return 0;
  const first = beginning.slice(0, OVERLAP);
  for (let at = ending.indexOf(first); at >= 0; at = ending.indexOf(first, at + 1)) {
    const size = ending.length - at;
    if (size >= least && beginning.startsWith(ending.slice(at))) return citesAll(other, one) ? size : 0;
  }
  return 0;
}

const citesAll = (one: Node, other: Node): boolean => {
  const all = cited(one);
  return cited(other).every((excerpt) => all.includes(excerpt));
};

/** Whether a position is at the edge of a word. */
const isEdge = (text: string, at: number): boolean =>
  !/[\p{L}\p{N}]/u.test(text[at - 1] ?? "") || !/[\p{L}\p{N}]/u.test(text[at] ?? "");

/** A cache of the clauses' words: each is compared with all others. */
const read = new WeakMap<Node, string>();

function wordsOf(clause: Node): string {
  const words = read.get(clause) ?? clause.textContent.trim();
  read.set(clause, words);
  return words;
}

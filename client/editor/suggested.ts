import type { Node } from "prosemirror-model";

/** One piece of what a suggestion changes in the letters of a clause. */
export type Piece = [op: "equal" | "delete" | "insert", text: string];

/** Words to strike through, or to insert at a position. */
export type Stroke = { from: number; to: number } | { at: number; words: string };

interface Letter {
  letter: string;
  pos: number;
}

/** The positions of a suggestion's pieces in its clause; null if the clause does not have these words (any more). */
export function strokes(clause: Node, pos: number, pieces: readonly Piece[]): Stroke[] | null {
  const { letters, blanks } = lettersOf(clause, pos);
  const found: Stroke[] = [];
  let at = 0;
  let before = "";
  for (const [op, text] of pieces) {
    if (op === "insert") {
      const place = at ? (letters[at - 1] as Letter).pos + 1 : (letters[0]?.pos ?? pos + 2);
      const beyond = /\s$/.test(before) && blanks.has(place) ? 1 : 0;
      if (text.trim()) found.push({ at: place + beyond, words: text });
      continue;
    }
    const own = text.replace(/\s+/g, "");
    const here = letters.slice(at, at + own.length);
    if (here.map(({ letter }) => letter).join("") !== own) return null;
    const [first, last] = [here[0], here.at(-1)];
    if (op === "delete" && first && last) found.push({ from: first.pos, to: last.pos + 1 });
    at += own.length;
    before = text;
  }
  return at === letters.length ? found : null;
}

/** The letters except spaces, with their positions; and the positions of the spaces. */
function lettersOf(clause: Node, pos: number): { letters: Letter[]; blanks: Set<number> } {
  const letters: Letter[] = [];
  const blanks = new Set<number>();
  clause.descendants((node, offset) => {
    if (!node.isText) return;
    (node.text ?? "").split("").forEach((letter, i) => {
      if (/\S/.test(letter)) letters.push({ letter, pos: pos + 1 + offset + i });
      else blanks.add(pos + 1 + offset + i);
    });
  });
  return { letters, blanks };
}

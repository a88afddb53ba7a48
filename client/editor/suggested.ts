import type { Node } from "prosemirror-model";

/** One piece of what a suggestion changes in the letters of a clause. */
export type Piece = [op: "equal" | "delete" | "insert", text: string];

/** Words to strike through, or to show at a place. */
export type Stroke = { from: number; to: number } | { at: number; words: string };

interface Letter {
  letter: string;
  pos: number;
}

/** Where the pieces of a suggestion stand in its clause; null when the clause does not say these words (any more). */
export function strokes(clause: Node, pos: number, pieces: readonly Piece[]): Stroke[] | null {
  const letters = lettersOf(clause, pos);
  const found: Stroke[] = [];
  let at = 0;
  for (const [op, text] of pieces) {
    if (op === "insert") {
      if (text.trim()) found.push({ at: at ? (letters[at - 1] as Letter).pos + 1 : (letters[0]?.pos ?? pos + 2), words: text });
      continue;
    }
    const own = text.replace(/\s+/g, "");
    const here = letters.slice(at, at + own.length);
    if (here.map(({ letter }) => letter).join("") !== own) return null;
    const [first, last] = [here[0], here.at(-1)];
    if (op === "delete" && first && last) found.push({ from: first.pos, to: last.pos + 1 });
    at += own.length;
  }
  return at === letters.length ? found : null;
}

/** The letters that are no blanks, with their positions. */
function lettersOf(clause: Node, pos: number): Letter[] {
  const found: Letter[] = [];
  clause.descendants((node, offset) => {
    if (!node.isText) return;
    (node.text ?? "").split("").forEach((letter, i) => {
      if (/\S/.test(letter)) found.push({ letter, pos: pos + 1 + offset + i });
    });
  });
  return found;
}

import { beginsClause } from "./formulas";
import { typedMarker } from "./markers";
import { tidied } from "./spaces";
import { cut, joined, linesOf, PLAIN, textOf, type Block, type ListItem, type Paragraph, type Run } from "./structure";

/** Final steps for pasted HTML and text: removes blank blocks, and recognises lines and items that people typed. */
export function finished(blocks: readonly Block[]): Block[] {
  const levels = new Levels();
  return blocks.flatMap((block) => {
    if (block.kind !== "row") return split(block).map((each) => levels.placed(each));
    levels.reset();
    const cells = block.cells.map(tidied);
    return cells.some((cell) => textOf(cell)) ? [{ ...block, cells }] : [];
  });
}

/** Splits a paragraph at empty lines, typed items and formulas. */
function split(block: Paragraph | ListItem): (Paragraph | ListItem)[] {
  const parts: Run[][][] = [[]];
  for (const line of linesOf(block.runs)) {
    const text = textOf(line);
    const last = parts.at(-1) as Run[][];
    const begins = text.trim() === "" || typedMarker(text) !== null || beginsClause(text);
    if (last.length && begins) parts.push(text.trim() ? [line] : []);
    else if (text.trim()) last.push(line);
  }
  const paragraphs = parts.map((lines) => tidied(oneParagraph(lines, block.kind === "heading" ? " " : "\n")));
  return paragraphs
    .filter((runs) => textOf(runs) !== "")
    .map((runs, index) => ({ ...block, runs, ...(index && block.kind === "item" ? { more: true } : {}) }));
}

const oneParagraph = (lines: Run[][], between: string): Run[] =>
  joined(lines.flatMap((line, index) => (index ? [{ ...PLAIN, text: between }, ...line] : line)));

/** Levels of typed items: a new sign is one level below the last. */
class Levels {
  #signs: string[] = [];

  reset(): void {
    this.#signs = [];
  }

  placed(block: Paragraph | ListItem): Block {
    if (block.kind === "heading" || block.kind === "note" || (block.kind === "item" && block.ordered && !block.more)) {
      this.reset();
      return block;
    }
    const found = typedMarker(textOf(block.runs));
    const runs = found && tidied(cut(block.runs, found.length));
    if (!found || !runs || !textOf(runs)) {
      this.reset();
      return block;
    }
    const level = block.kind === "item" ? block.level + Number(block.more) : this.#level(found.sign);
    return { kind: "item", tight: block.tight, runs, ...found.marker, level, more: false };
  }

  #level(sign: string): number {
    const at = this.#signs.indexOf(sign);
    if (at < 0) this.#signs.push(sign);
    else this.#signs.length = at + 1;
    return this.#signs.length;
  }
}

import { runsOf, textOf, type Block, type ListItem, type Run } from "./structure";

/** The pasted blocks as plain text: paragraphs, items with markers, rows of cells, and addresses of links. */
export function asText(blocks: readonly Block[]): string {
  let text = "";
  const indents: number[] = [];
  blocks.forEach((block, index) => {
    const before = blocks[index - 1];
    if (before) text += isNextLine(before, block) ? "\n" : "\n\n";
    if (block.kind !== "item") indents.length = 0;
    text += block.kind === "item" ? itemAsText(block, indents) : wordsOf(block);
  });
  return text;
}

/** Whether a block follows without an empty line: consecutive items or rows, and paragraphs that did so originally. */
function isNextLine(before: Block, block: Block): boolean {
  if (before.kind === block.kind && block.kind !== "paragraph" && block.kind !== "heading") return true;
  return block.tight && (block.kind !== "item" || !block.ordered || block.number === 1);
}

/** `indents` are the widths of the markers of the enclosing lists. */
function itemAsText(item: ListItem, indents: number[]): string {
  const marker = item.ordered ? item.marker || `${item.number}.` : "-";
  while (indents.length < item.level - 1) indents.push(2);
  indents.length = item.level - 1;
  const indent = " ".repeat(indents.reduce((sum, width) => sum + width, 0));
  indents.push(marker.length + 1);
  const words = wordsOf(item);
  const start = item.more ? " ".repeat(marker.length + 1) : `${marker} `;
  return indent + start + words.replace(/\n/g, `\n${indent}${" ".repeat(marker.length + 1)}`);
}

/** The text with the field's signs for bold and italics, and the addresses of links. */
function wordsOf(block: Block): string {
  const runs = runsOf(block);
  const whole = textOf(runs);
  let at = 0;
  return runs.reduce((text, run, index) => {
    const before = whole[at - 1] ?? "";
    at += run.text.length;
    return text + marked(run, before, whole[at] ?? "") + leading(runs, index);
  }, "");
}

/** "**words**" for each line; unchanged if the signs would not be read as intended. */
function marked(run: Run, before: string, after: string): string {
  const sign = (run.strong ? "**" : "") + (run.em ? "*" : "");
  if (!sign) return run.text;
  const lines = run.text.split("\n");
  return lines
    .map((line, index) => {
      const words = line.trim();
      const start = line.indexOf(words);
      const [left, right] = [line.slice(0, start), line.slice(start + words.length)];
      const isReadable =
        words !== "" &&
        !words.includes("*") &&
        (isLetter(words[0]) || left !== "" || index > 0 || !isLetter(before)) &&
        (isLetter(words.at(-1)) || right !== "" || index < lines.length - 1 || !isLetter(after));
      return isReadable ? left + sign + words + sign + right : line;
    })
    .join("\n");
}

const isLetter = (letter = ""): boolean => /[\p{L}\p{N}]/u.test(letter);

/** The address of a link after its words, unless they contain it. */
function leading(runs: readonly Run[], at: number): string {
  const { href = "", text = "" } = runs[at] ?? {};
  if (!href || runs[at + 1]?.href === href) return "";
  const bare = (address: string): string => address.replace(/^(?:https?:\/\/|mailto:)(?:www\.)?|\/$/gi, "").toLowerCase();
  const words = runs.filter((run) => run.href === href);
  return bare(textOf(words).trim()) === bare(href) || bare(text.trim()) === bare(href) ? "" : ` (${href.replace(/^mailto:/i, "")})`;
}

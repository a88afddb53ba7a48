/**
 * Pasted content as values, independent of the source program's markup and of the editor's nodes.
 *
 * `html.ts` and `text.ts` read it from HTML or plain text; `nodes.ts` and `plain.ts` turn it into what a form needs.
 */

export interface Marks {
  strong: boolean;
  em: boolean;
  /** The address of a link, "" outside of links. */
  href: string;
}

/** Text with the same marks; "\n" is a line break within the paragraph. */
export interface Run extends Marks {
  text: string;
}

/** The position of a paragraph in lists. */
export interface Item {
  /** From 1, the outermost list. */
  level: number;
  ordered: boolean;
  /** The first number; 1 in a list with bullets. */
  number: number;
  /** The marker as written if it is neither a bullet nor an Arabic number, such as "b)"; "" otherwise. */
  marker: string;
  /** Whether it is a further paragraph of the item before. */
  more: boolean;
}

interface Common {
  /** Whether it followed in plain text without an empty line. */
  tight: boolean;
}

export interface Paragraph extends Common {
  kind: "paragraph" | "heading" | "note";
  runs: Run[];
}

export interface ListItem extends Common, Item {
  kind: "item";
  runs: Run[];
}

export interface Row extends Common {
  kind: "row";
  cells: Run[][];
}

export type Block = Paragraph | ListItem | Row;

export const PLAIN: Marks = { strong: false, em: false, href: "" };

export const paragraph = (runs: Run[], kind: Paragraph["kind"] = "paragraph", tight = false): Paragraph => ({
  kind,
  runs,
  tight,
});

export const textOf = (runs: readonly Run[]): string => runs.map((run) => run.text).join("");

/** The runs of a block; the cells of a row are separated by a vertical bar, empty ones too ("a | | c"). */
export function runsOf(block: Block): Run[] {
  if (block.kind !== "row") return block.runs;
  return joined(
    block.cells.flatMap((cell, index) => {
      const before = index ? (textOf(block.cells[index - 1] ?? []) || index > 1 ? " |" : "|") : "";
      const words = textOf(cell) ? [{ ...PLAIN, text: index ? " " : "" }, ...cell] : [];
      return [{ ...PLAIN, text: before }, ...words];
    }),
  );
}

const isAlike = (one: Marks, other: Marks): boolean =>
  one.strong === other.strong && one.em === other.em && one.href === other.href;

/** Removes empty runs and joins those with the same marks. */
export function joined(runs: readonly Run[]): Run[] {
  const kept: Run[] = [];
  for (const run of runs) {
    const last = kept.at(-1);
    if (!run.text) continue;
    if (last && isAlike(last, run)) last.text += run.text;
    else kept.push({ ...run });
  }
  return kept;
}

/** The runs in a range, counted in UTF-16 units. */
export function cut(runs: readonly Run[], from: number, to = Infinity): Run[] {
  const kept: Run[] = [];
  let at = 0;
  for (const run of runs) {
    const text = run.text.slice(Math.max(0, from - at), Math.max(0, to - at));
    if (text) kept.push({ ...run, text });
    at += run.text.length;
  }
  return kept;
}

/** `String.replace` for text with marks: the replacement gets the marks of the first letter replaced. */
export function replaced(
  runs: readonly Run[],
  pattern: RegExp,
  write: (match: string, at: number, whole: string) => string,
): Run[] {
  const whole = textOf(runs);
  const parts: Run[] = [];
  let at = 0;
  for (const match of whole.matchAll(pattern)) {
    const written = write(match[0], match.index, whole);
    if (written === match[0]) continue;
    const [marked] = cut(runs, match.index, match.index + 1);
    parts.push(...cut(runs, at, match.index), { ...PLAIN, ...marked, text: written });
    at = match.index + match[0].length;
  }
  return joined([...parts, ...cut(runs, at)]);
}

/** The lines of a paragraph. */
export function linesOf(runs: readonly Run[]): Run[][] {
  const lines: Run[][] = [];
  let at = 0;
  for (const line of textOf(runs).split("\n")) {
    lines.push(cut(runs, at, at + line.length));
    at += line.length + 1;
  }
  return lines;
}

import { beginsClause } from "./formulas";
import { typedMarker } from "./markers";
import { paragraph, PLAIN, type Block, type Run } from "./structure";

/** Fewest and most letters of lines that a program cut: shorter ones a person ended, longer ones nobody did. */
const NARROWEST = 40;
const WIDEST = 140;
/** Shortest line that goes on in one with a capital. */
const SURELY_CUT = 55;

/** Plain text as paragraphs and rows, with the lines joined again that a program cut. */
export function textLines(text: string, together = true): Block[] {
  const lines = unquoted(unpaged(text)).split("\n");
  const blocks: Block[] = [];
  let tight = false;
  for (const line of together ? mended(lines) : lines) {
    const blank = line.trim() === "";
    if (!blank) blocks.push(lineAsBlock(line, tight, tight && blocks.at(-1)?.kind === "row"));
    tight = !blank;
  }
  return blocks;
}

/** Cells are set apart by tabs; a row below another may have but one that is filled. */
function lineAsBlock(line: string, tight: boolean, belowRow: boolean): Block {
  if (typedMarker(line) || !(belowRow ? line : line.trim()).includes("\t")) return paragraph(runs(line), "paragraph", tight);
  return { kind: "row", tight, cells: line.split("\t").map(runs) };
}

const runs = (text: string): Run[] => (text ? [{ ...PLAIN, text }] : []);

const PAGE_NUMBER = /^[ \t]*(?:page\s*)?[-–]?\s*\d{1,4}(?:\s*(?:\/|sur|of)\s*\d{1,4})?\s*[-–]?[ \t]*$/i;

/** One kind of line end; the number of a page beside a page break goes with it. */
function unpaged(text: string): string {
  const pages = text.replace(/\r\n?|[\u0085\u2028\u2029\v]/g, "\n").split("\f");
  if (pages.length < 2) return text.replace(/\r\n?|[\u0085\u2028\u2029\v]/g, "\n");
  return pages.map((page) => unnumbered(page.replace(/^\n+|\n+$/g, "").split("\n")).join("\n")).join("\n");
}

function unnumbered(lines: string[]): string[] {
  const isNumber = (line = ""): boolean => line.length < 40 && PAGE_NUMBER.test(line);
  const first = isNumber(lines[0]) ? 1 : 0;
  const last = lines.length > 1 && isNumber(lines.at(-1)) ? -1 : undefined;
  return lines.slice(first, last);
}

/**
 * Without the signs that quote a message. What is quoted below somebody's own words is the message that they answer, and
 * goes; quoted words alone, or before any others, are what was pasted.
 */
function unquoted(text: string): string {
  const kept: string[] = [];
  let own = false;
  for (const line of text.split("\n")) {
    const words = line.replace(/^(?:[ \t]?>)+[ \t]?/, "");
    const isQuoted = words !== line;
    if (isQuoted && own) continue;
    own ||= !isQuoted && line.trim() !== "";
    kept.push(words);
  }
  return kept.join("\n");
}

/** A line as its author ended it, in the parts that a program made of it. */
interface Whole {
  parts: string[];
  /** Its last part as it stood on its own line. */
  last: string;
}

/** The lines as their author ended them. */
function mended(lines: readonly string[]): string[] {
  const whole = lines.join("\n").toLowerCase();
  const widest = Math.max(...lines.map((line) => line.length));
  const made: Whole[] = [];
  for (const line of lines) {
    const before = made.at(-1);
    if (!before || !(joinWord(before, line, whole) || joinLine(before, line, widest))) made.push({ parts: [line], last: line });
    else before.last = line;
  }
  return made.map(({ parts }) => parts.join(""));
}

function joinLine({ parts, last }: Whole, line: string, widest: number): boolean {
  const [first = ""] = parts;
  if (!last.trim() || !line.trim() || begins(line)) return false;
  const marker = typedMarker(`${first} `);
  const alone = parts.length === 1 && marker !== null && marker.length >= first.length;
  const hanging = marker !== null && /^(?: {2,}|\t)/.test(line) && !first.startsWith("\t");
  if (!alone && !hanging && !isCut(last.trimEnd(), line.trim(), widest)) return false;
  parts.push(parts.pop()?.trimEnd() ?? "", ` ${line.trim()}`);
  return true;
}

const begins = (line: string): boolean => typedMarker(line) !== null || beginsClause(line);

/** Whether a program broke the line: it is as long as the others, and the sentence is not over. */
function isCut(line: string, next: string, widest: number): boolean {
  const goesOn = /^[\p{Ll}\d(«]/u.test(next);
  if (/[;:]["»”)\]]*$/.test(line) || (/[.!?…]["»”)\]]*$/.test(line) && !goesOn)) return false;
  if (line.includes("\t") || next.includes("\t") || line.length > WIDEST) return false;
  const [word = ""] = next.slice(0, WIDEST).split(/\s/);
  const width = widest <= WIDEST ? widest : Math.max(line.length, SURELY_CUT);
  if (width < NARROWEST) return false;
  return line.length >= (goesOn ? NARROWEST : SURELY_CUT) && line.length + 1 + word.length >= width * 0.8;
}

/** First words of compounds, and second ones, whose hyphen stays where a line ends. */
const FIRST =
  /^(?:peut|rendez|celui|celle|ceux|celles|lui|elle|elles|eux|moi|toi|soi|nous|vous|là|ci|demi|mi|semi|sous|non|quasi|vice|ex|grand|grande|grands|grandes|saint|sainte|avant|après|arrière|porte|contre|entre|au|par|quelques|dix|vingt|trente|quarante|cinquante|soixante|quatre|cent|est|ouest|nord|sud|bien|libre|procès|chef|plus|moins|socio|hors|haut|haute|bas|basse|long|court|mieux|savoir|aide|assistant|maître)$/iu;
const SECOND =
  /^(?:même|mêmes|ci|là|il|elle|on|ils|elles|je|tu|nous|vous|ce|être|dire|vous|uns|unes|à|de|en|du|des|sur|sous|lieu|lieux)(?![\p{L}])/iu;

/** Two lines that share a word: "numé-" and "rique"; the hyphen of a compound such as "peut-être" stays. */
function joinWord({ parts, last }: Whole, line: string, whole: string): boolean {
  const second = /^\s*([\p{L}’']+)/u.exec(line)?.[1];
  const end = /([\p{L}’'\-‐]*\p{L})([-‐\u00ad])$/u.exec(last.trimEnd().slice(-80));
  if (!second || !end) return false;
  const [, first = "", sign] = end;
  if (sign !== "\u00ad" && !/^\p{Ll}/u.test(second) && !/^\p{Lu}|-/u.test(first)) return false;
  const stem = (parts.pop() ?? "").trimEnd().slice(0, -1);
  parts.push(stem + (sign !== "\u00ad" && isCompound(first, second, whole) ? "-" : ""), line.trim());
  return true;
}

/** `whole` is the text in small letters, which may have the word elsewhere. */
function isCompound(first: string, second: string, whole: string): boolean {
  if (!/^\p{Ll}/u.test(second) || whole.includes(`${first}-${second}`.toLowerCase())) return true;
  if (whole.includes(`${first}${second}`.toLowerCase())) return false;
  const word = /\p{L}+$/u.exec(first)?.[0] ?? first;
  return first.includes("-") || FIRST.test(word) || SECOND.test(second);
}

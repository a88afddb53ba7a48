import { beginsClause } from "./formulas";
import { typedMarker } from "./markers";
import { paragraph, PLAIN, type Block, type Run } from "./structure";

/** Length of lines that a program wrapped: a shorter line was ended by a person, no program wraps at a longer one. */
const NARROWEST = 40;
const WIDEST = 140;
/** Minimal length of a line that continues in one beginning with a capital. */
const SURELY_CUT = 55;

/** Plain text as paragraphs and rows; lines that a program wrapped are joined again. */
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

/** A line as a paragraph or a row. Cells are separated by tabs; a row below another may have a single filled cell. */
function lineAsBlock(line: string, tight: boolean, belowRow: boolean): Block {
  if (typedMarker(line) || !(belowRow ? line : line.trim()).includes("\t")) return paragraph(runs(line), "paragraph", tight);
  return { kind: "row", tight, cells: line.split("\t").map(runs) };
}

const runs = (text: string): Run[] => (text ? [{ ...PLAIN, text }] : []);

const PAGE_NUMBER = /^[ \t]*(?:page\s*)?[-–]?\s*\d{1,4}(?:\s*(?:\/|sur|of)\s*\d{1,4})?\s*[-–]?[ \t]*$/i;

/** Normalises line ends, and removes page numbers beside page breaks. */
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
 * Removes the quotation signs of mail. A message quoted below somebody's own words is removed; quoted words alone, or
 * before others, are kept.
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

/** A line as the author ended it, made of the parts into which a program wrapped it. */
interface Whole {
  parts: string[];
  /** Its last part. */
  last: string;
}

/** Joins wrapped lines. */
function mended(lines: readonly string[]): string[] {
  const whole = lines.join("\n").toLowerCase();
  const widest = Math.max(...lines.map((line) => line.length));
  const wholes: Whole[] = [];
  for (const line of lines) {
    const before = wholes.at(-1);
    if (!before || !(joinWord(before, line, whole) || joinLine(before, line, widest))) wholes.push({ parts: [line], last: line });
    else before.last = line;
  }
  return wholes.map(({ parts }) => parts.join(""));
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

/** Whether a program wrapped the line: it is about as long as the others, and the sentence continues. */
function isCut(line: string, next: string, widest: number): boolean {
  const goesOn = /^[\p{Ll}\d(«]/u.test(next);
  if (/[;:]["»”)\]]*$/.test(line) || (/[.!?…]["»”)\]]*$/.test(line) && !goesOn)) return false;
  if (line.includes("\t") || next.includes("\t") || line.length > WIDEST) return false;
  const [word = ""] = next.slice(0, WIDEST).split(/\s/);
  const width = widest <= WIDEST ? widest : Math.max(line.length, SURELY_CUT);
  if (width < NARROWEST) return false;
  return line.length >= (goesOn ? NARROWEST : SURELY_CUT) && line.length + 1 + word.length >= width * 0.8;
}

/** First and second parts of compounds whose hyphen stays at a line end. */
const FIRST =
  /^(?:peut|rendez|celui|celle|ceux|celles|lui|elle|elles|eux|moi|toi|soi|nous|vous|là|ci|demi|mi|semi|sous|non|quasi|vice|ex|grand|grande|grands|grandes|saint|sainte|avant|après|arrière|porte|contre|entre|au|par|quelques|dix|vingt|trente|quarante|cinquante|soixante|quatre|cent|est|ouest|nord|sud|bien|libre|procès|chef|plus|moins|socio|hors|haut|haute|bas|basse|long|court|mieux|savoir|aide|assistant|maître)$/iu;
const SECOND =
  /^(?:même|mêmes|ci|là|il|elle|on|ils|elles|je|tu|nous|vous|ce|être|dire|vous|uns|unes|à|de|en|du|des|sur|sous|lieu|lieux)(?![\p{L}])/iu;

/** Joins a word split between two lines ("numé-", "rique"); the hyphen of a compound such as "peut-être" stays. */
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

/** `whole` is the text in lower case, in which the word may occur elsewhere. */
function isCompound(first: string, second: string, whole: string): boolean {
  if (!/^\p{Ll}/u.test(second) || whole.includes(`${first}-${second}`.toLowerCase())) return true;
  if (whole.includes(`${first}${second}`.toLowerCase())) return false;
  const word = /\p{L}+$/u.exec(first)?.[0] ?? first;
  return first.includes("-") || FIRST.test(word) || SECOND.test(second);
}

import { withoutStrayMarks } from "../shared/characters";
import { cut, replaced, textOf, type Run } from "./structure";

const NO_BREAK = "\u00a0";
const NARROW = "\u202f";

/** Spaces of special widths, which word processors and PDF viewers use for normal ones. */
const ODD = /[\u1680\u2000-\u200a\u205f\u3000]/g;
const AT_LINE_ENDS = /[^\S\n]?\n[^\S\n]?/g;
const SEVERAL = /[ \t\f\v\u00a0\u202f]{2,}|[\t\f\v]/g;
/** A letter struck through by a combining character. */
const STRUCK = /.\u0336+/gsu;
const CLUSTER = /[\u1100-\u11ff]+|\P{M}\p{M}*/gu;

/**
 * The text of a paragraph without layout: removes zero-width characters, collapses spaces, and keeps no-break spaces
 * where French typography has them.
 */
export function tidied(runs: readonly Run[]): Run[] {
  if (!runs.length) return [];
  let cleaned = replaced(runs, STRUCK, () => "");
  const text = textOf(cleaned);
  if (withoutStrayMarks(text) !== text) cleaned = withoutStrays(cleaned);
  cleaned = replaced(cleaned, ODD, plainSpace);
  cleaned = replaced(cleaned, SEVERAL, one);
  cleaned = trimmed(replaced(cleaned, AT_LINE_ENDS, () => "\n"));
  return textOf(cleaned).normalize("NFC") === textOf(cleaned)
    ? cleaned
    : replaced(cleaned, CLUSTER, (letters) => letters.normalize("NFC"));
}

function trimmed(runs: readonly Run[]): Run[] {
  const text = textOf(runs);
  return cut(runs, text.length - text.trimStart().length, text.trimEnd().length);
}

/**
 * Removes stray marks, judging each letter in the whole text: a mark may be needed beside a letter with other
 * formatting.
 */
function withoutStrays(runs: readonly Run[]): Run[] {
  const kept = withoutStrayMarks(textOf(runs));
  let next = 0;
  return replaced(runs, /[\s\S]/g, (letter) => {
    if (kept[next] !== letter) return "";
    next += 1;
    return letter;
  });
}

function plainSpace(space: string, at: number, whole: string): string {
  if (space === "\u2007") return NO_BREAK;
  if (space !== "\u2009" && space !== "\u2008" && space !== "\u2006") return " ";
  return isBound(whole[at - 1], whole[at + 1]) ? NARROW : " ";
}

/** Reduces several spaces to one, a no-break space if one of them was needed. */
function one(spaces: string, at: number, whole: string): string {
  if (!isBound(whole[at - 1], whole[at + spaces.length])) return " ";
  return spaces.includes(NARROW) ? NARROW : spaces.includes(NO_BREAK) ? NO_BREAK : " ";
}

/**
 * Whether French typography puts a no-break space between two characters: before high punctuation, inside guillemets,
 * within a number.
 */
const isBound = (before = "", after = ""): boolean =>
  /[;:!?»%€°]/.test(after) || before === "«" || (/\d/.test(before) && /\d/.test(after));

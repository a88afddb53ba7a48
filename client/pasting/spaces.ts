import { withoutStrayMarks } from "../shared/characters";
import { cut, replaced, textOf, type Run } from "./structure";

const NO_BREAK = "\u00a0";
const NARROW = "\u202f";

/** Spaces of odd widths, which word processors and viewers of PDF put in the place of common ones. */
const ODD = /[\u1680\u2000-\u200a\u205f\u3000]/g;
const AT_LINE_ENDS = /[^\S\n]?\n[^\S\n]?/g;
const SEVERAL = /[ \t\f\v\u00a0\u202f]{2,}|[\t\f\v]/g;
/** A letter that was struck by a stroke of its own. */
const STRUCK = /.\u0336+/gsu;
const CLUSTER = /[\u1100-\u11ff]+|\P{M}\p{M}*/gu;

/**
 * The letters of a paragraph without what only laid them out: strays of zero width go, spaces are one, and a no-break space
 * stays where French typography has one.
 */
export function tidied(runs: readonly Run[]): Run[] {
  if (!runs.length) return [];
  let made = replaced(runs, STRUCK, () => "");
  const text = textOf(made);
  if (withoutStrayMarks(text) !== text) made = withoutStrays(made);
  made = replaced(made, ODD, plainSpace);
  made = replaced(made, SEVERAL, one);
  made = trimmed(replaced(made, AT_LINE_ENDS, () => "\n"));
  return textOf(made).normalize("NFC") === textOf(made)
    ? made
    : replaced(made, CLUSTER, (letters) => letters.normalize("NFC"));
}

function trimmed(runs: readonly Run[]): Run[] {
  const text = textOf(runs);
  return cut(runs, text.length - text.trimStart().length, text.trimEnd().length);
}

/** Letter by letter, each seen in its whole text: a mark may be needed beside a letter of other marks. */
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

/** Several spaces in a row are padding, save that one of them may have been a no-break space with a reason. */
function one(spaces: string, at: number, whole: string): string {
  if (!isBound(whole[at - 1], whole[at + spaces.length])) return " ";
  return spaces.includes(NARROW) ? NARROW : spaces.includes(NO_BREAK) ? NO_BREAK : " ";
}

/** Whether French typography keeps two letters on one line: before high punctuation, inside guillemets, within a number. */
const isBound = (before = "", after = ""): boolean =>
  /[;:!?»%€°]/.test(after) || before === "«" || (/\d/.test(before) && /\d/.test(after));

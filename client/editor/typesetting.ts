/** French typography as rules on the words before the cursor; the editors apply them, each with its own undo. */

/** No-break space: before a colon and inside guillemets. */
export const WIDE = "\u00a0";
/** Narrow no-break space: before ; ! and ?. */
export const NARROW = "\u202f";

export interface Rule {
  pattern: RegExp;
  /** The replacement of the matched text; null leaves it as typed. */
  write: (match: RegExpMatchArray) => string | null;
}

/** Text before a colon that begins an address, a time or a ratio rather than ending a clause. */
const beforeColon = /(?:^|\s)(?:https?|mailto|ftp|\d+)$/i;

/** Rules of French typography applied while typing; each change can be undone with Backspace or Ctrl-Z. */
export const rules: Rule[] = [
  { pattern: /([^\s;:!?«(]) ?([;!?])$/, write: ([, before, mark]) => `${before}${NARROW}${mark}` },
  { pattern: /(\S*[^\s;:!?«(]) ?:$/, write: ([, word = ""]) => (beforeColon.test(word) ? null : `${word}${WIDE}:`) },
  { pattern: /(^|[\s(\[’'])"$/, write: ([, before]) => `${before}«${WIDE}` },
  { pattern: /([^\s])"$/, write: ([, before]) => `${before}${WIDE}»` },
  { pattern: /<<$/, write: () => `«${WIDE}` },
  { pattern: /([^\s]) ?>>$/, write: ([, before]) => `${before}${WIDE}»` },
  { pattern: /« $/, write: () => `«${WIDE}` },
  { pattern: /([^\s«]) ?»$/, write: ([, before]) => `${before}${WIDE}»` },
  { pattern: /([\p{L}])'$/u, write: ([, before]) => `${before}’` },
  { pattern: /([^.])\.\.\.$/, write: ([, before]) => `${before}…` },
];

/** The typeset form of `text` after its last letter was typed; null if no rule applies. */
export function typeset(text: string): string | null {
  for (const { pattern, write } of rules) {
    const match = pattern.exec(text);
    const written = match && write(match);
    if (match && written !== null && written !== undefined) return text.slice(0, match.index) + written;
  }
  return null;
}

/** The length of the common prefix: these letters keep their marks. */
export function commonStart(a: string, b: string): number {
  let length = 0;
  while (length < Math.min(a.length, b.length) && a[length] === b[length]) length += 1;
  return length;
}

/** French typography as rules on the words before the cursor; the editors apply them, each with its own undo. */

/** No-break space: before a colon and inside guillemets. */
export const WIDE = "\u00a0";
/** Narrow no-break space: before ; ! and ?. */
export const NARROW = "\u202f";

export interface Rule {
  pattern: RegExp;
  /** What the matched text becomes; null leaves it as typed. */
  write: (match: RegExpMatchArray) => string | null;
}

/** Words before a colon that are the start of an address, a time or a ratio rather than of a sentence. */
const beforeColon = /(?:^|\s)(?:https?|mailto|ftp|\d+)$/i;

/** What French typography asks for while one types, each change to be undone with Backspace or Ctrl-Z. */
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

/** `text` after its last letter was typed, as the rules would have it; null when none applies. */
export function typeset(text: string): string | null {
  for (const { pattern, write } of rules) {
    const match = pattern.exec(text);
    const written = match && write(match);
    if (match && written !== null && written !== undefined) return text.slice(0, match.index) + written;
  }
  return null;
}

/** How many letters two texts share at their start: what is already there keeps its bold or its link. */
export function commonStart(a: string, b: string): number {
  let length = 0;
  while (length < Math.min(a.length, b.length) && a[length] === b[length]) length += 1;
  return length;
}

/**
 * Splits texts into words and compares them: with the same results as the rules (`deliberation/text/words.py`), so that
 * what somebody sees while writing is what will be tabled. Tests compare both.
 */

const PLAIN = String.raw`(?:\p{Nd}+(?:[.,]\p{Nd}+)+(?![\p{L}\p{N}_])|[\p{L}\p{N}_][\p{L}\p{N}_\u0300-\u036f]*)`;
const WORD = new RegExp(
  [
    String.raw`\\[^\p{L}\p{N}_\s]`,
    String.raw`\[\^\p{Nd}+\]`,
    String.raw`${PLAIN}(?:[’'\-\u2010\u2011\u00ad\u00a0\u202f]${PLAIN})*[’']?`,
    String.raw`\*+`,
    String.raw`[ \t\u00a0\u202f]+`,
    String.raw`\n+`,
    String.raw`[^\p{L}\p{N}_\s]`,
  ].join("|"),
  "gu",
);

/** Words [a1, a2) of the old text are replaced by words [b1, b2) of the new one. */
export type Change = [a1: number, a2: number, b1: number, b2: number];
type Pair = [number, number];

const EASY = 4000;
const DEEPEST = 20;

/** The words, spaces and punctuation of a text, in order; joined they are the text. */
export function splitWords(text: string): string[] {
  const words: string[] = [];
  let at = 0;
  for (const match of text.matchAll(WORD)) {
    if (match.index > at) words.push(text.slice(at, match.index));
    words.push(match[0]);
    at = match.index + match[0].length;
  }
  if (at < text.length) words.push(text.slice(at));
  return words;
}

const isSpace = (word: string): boolean => /^\s+$/.test(word);

/** The changes, in order; between two of them at least one word is unchanged. */
export function changes(before: readonly string[], after: readonly string[]): Change[] {
  const kept: Pair[] = [[-1, -1], ...keptPairs(before, after), [before.length, after.length]];
  return between(kept).filter(([a1, a2, b1, b2]) => a2 > a1 || b2 > b1);
}

/** The changes between unchanged pairs. */
const between = (kept: readonly Pair[]): Change[] =>
  kept.slice(1).map(([j, m], i) => {
    const [a, b] = kept[i] as Pair;
    return [a + 1, j, b + 1, m];
  });

/**
 * Unchanged pairs. Words are compared without the spaces between them; a space is unchanged beside an unchanged word.
 */
function keptPairs(before: readonly string[], after: readonly string[]): Pair[] {
  const old = indexes(before);
  const fresh = indexes(after);
  const found: Pair[] = [];
  const aligned = align(
    old.map((i) => before[i] as string),
    fresh.map((i) => after[i] as string),
    0,
  ).map(([i, k]): Pair => [old[i] as number, fresh[k] as number]);
  for (const [a1, a2, b1, b2] of between([[-1, -1], ...aligned, [before.length, after.length]])) {
    const [first, last] = ends(before, after, a1, a2, b1, b2);
    for (let n = 0; n < first; n += 1) found.push([a1 + n, b1 + n]);
    for (let n = last; n >= 0; n -= 1) found.push([a2 - n, b2 - n]);
  }
  return found.slice(0, -1);
}

const indexes = (words: readonly string[]): number[] => [...words.keys()].filter((i) => !isSpace(words[i] as string));

/** The number of words that two ranges share at their beginnings, and then at their ends. */
function ends(
  before: readonly string[],
  after: readonly string[],
  a1: number,
  a2: number,
  b1: number,
  b2: number,
): Pair {
  const shortest = Math.min(a2 - a1, b2 - b1);
  let first = 0;
  while (first < shortest && before[a1 + first] === after[b1 + first]) first += 1;
  let last = 0;
  while (last < shortest - first && before[a2 - 1 - last] === after[b2 - 1 - last]) last += 1;
  return [first, last];
}

/** A common subsequence of both texts. */
function align(before: readonly string[], after: readonly string[], depth: number): Pair[] {
  const [first, last] = ends(before, after, 0, before.length, 0, after.length);
  const end = before.length - last;
  const otherEnd = after.length - last;
  const inner = before.slice(first, end);
  const other = after.slice(first, otherEnd);
  const middle = inner.length && other.length ? alignMiddle(inner, other, depth) : [];
  return [
    ...Array.from({ length: first }, (_, n): Pair => [n, n]),
    ...middle.map(([i, k]): Pair => [i + first, k + first]),
    ...Array.from({ length: last }, (_, n): Pair => [end + n, otherEnd + n]),
  ];
}

function alignMiddle(before: readonly string[], after: readonly string[], depth: number): Pair[] {
  const places = placesOf(after);
  const pairs = before.reduce((sum, word) => sum + (places.get(word)?.length ?? 0), 0);
  if (pairs <= EASY) return matching(before, after, places);
  const anchored = depth < DEEPEST ? anchors(before, places) : [];
  return anchored.length ? around(before, after, anchored, depth + 1) : [];
}

function placesOf(words: readonly string[]): Map<string, number[]> {
  const places = new Map<string, number[]>();
  words.forEach((word, k) => places.set(word, [...(places.get(word) ?? []), k]));
  return places;
}

/** The longest common range, then recursively the ranges on either side; of equal ones the earliest. */
function matching(before: readonly string[], after: readonly string[], places: Map<string, number[]>): Pair[] {
  const found: Pair[] = [];
  const waiting: Change[] = [[0, before.length, 0, after.length]];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const [a1, a2, b1, b2] = next;
    const [i, k, size] = longest(before, places, a1, a2, b1, b2);
    if (!size) continue;
    for (let n = 0; n < size; n += 1) found.push([i + n, k + n]);
    if (a1 < i && b1 < k) waiting.push([a1, i, b1, k]);
    if (i + size < a2 && k + size < b2) waiting.push([i + size, a2, k + size, b2]);
  }
  return found.sort((one, other) => one[0] - other[0]);
}

function longest(
  before: readonly string[],
  places: Map<string, number[]>,
  a1: number,
  a2: number,
  b1: number,
  b2: number,
): [number, number, number] {
  let best: [number, number, number] = [a1, b1, 0];
  let lengths = new Map<number, number>();
  for (let i = a1; i < a2; i += 1) {
    const now = new Map<number, number>();
    for (const k of places.get(before[i] as string) ?? []) {
      if (k < b1 || k >= b2) continue;
      const length = (lengths.get(k - 1) ?? 0) + 1;
      now.set(k, length);
      if (length > best[2]) best = [i - length + 1, k - length + 1, length];
    }
    lengths = now;
  }
  return best;
}

/** The anchors, and recursively the pairs between them. */
function around(before: readonly string[], after: readonly string[], anchored: Pair[], depth: number): Pair[] {
  const found: Pair[] = [];
  for (const [a1, a2, b1, b2] of between([[-1, -1], ...anchored, [before.length, after.length]])) {
    const inner = align(before.slice(a1, a2), after.slice(b1, b2), depth);
    found.push(...inner.map(([i, k]): Pair => [a1 + i, b1 + k]));
    if (a2 < before.length) found.push([a2, b2]);
  }
  return found;
}

/** Words that occur once in each text; the longest subsequence in the same order. */
function anchors(before: readonly string[], places: Map<string, number[]>): Pair[] {
  const once = placesOf(before);
  const pairs: Pair[] = [];
  before.forEach((word, i) => {
    const there = places.get(word) ?? [];
    if (once.get(word)?.length === 1 && there.length === 1) pairs.push([i, there[0] as number]);
  });
  return rising(pairs);
}

/** A longest subsequence with increasing second numbers. */
function rising(pairs: Pair[]): Pair[] {
  const tails: number[] = [];
  const previous: number[] = [];
  pairs.forEach(([, k], n) => {
    let length = tails.findIndex((at) => (pairs[at] as Pair)[1] >= k);
    if (length < 0) length = tails.length;
    previous.push(length ? (tails[length - 1] as number) : -1);
    tails[length] = n;
  });
  const found: Pair[] = [];
  for (let n = tails.at(-1) ?? -1; n >= 0; n = previous[n] as number) found.unshift(pairs[n] as Pair);
  return found;
}

import { changes, splitWords } from "../amend/words";

/** Neighbouring letters by one person. */
export type Span = [author: string, text: string];

/** Letters from which words that left one clause and came into another are the same words, moved: as the rules say (M12). */
const MOVED = 12;

/**
 * Who wrote each letter of `text`. The letters that the record knows belong to whom it says; newer ones to whoever's
 * client wrote them (`live`, "" when that is not known), but words that stood in another clause keep their authors (`elsewhere`).
 */
export function authorsOf(
  recorded: readonly Span[],
  text: string,
  live: (at: number) => string,
  elsewhere: readonly (readonly Span[])[] = [],
): string[] {
  const old = recorded.map(([, words]) => words).join("");
  const known = recorded.flatMap(([author, words]) => Array.from<string>({ length: words.length }).fill(author));
  const found: string[] = [];
  let at = 0;
  const same = (before: number, after: number): boolean =>
    old[before] === text[after] && [known[before], ""].includes(live(after));
  for (const [start, end, from, to] of edits(old, text, same)) {
    found.push(...known.slice(at, start), ...came(text, from, to, live, elsewhere));
    at = end;
  }
  return [...found, ...known.slice(at)];
}

/**
 * Letters [start, end) of the old text give way to [from, to) of the new one: word by word, then as few as can. Within a word
 * a letter is the `same` only when nobody else is known to have typed it: "Centre" made of "entre" has one e of each.
 */
function edits(
  old: string,
  text: string,
  same: (before: number, after: number) => boolean,
): [number, number, number, number][] {
  if (old === text) return [];
  const [before, after] = [splitWords(old), splitWords(text)];
  const [places, others] = [starts(before), starts(after)];
  return changes(before, after).map(([a1, a2, b1, b2]) => {
    let [start, end, from, to] = [places[a1], places[a2], others[b1], others[b2]] as [number, number, number, number];
    while (start < end && from < to && same(start, from)) [start, from] = [start + 1, from + 1];
    while (start < end && from < to && same(end - 1, to - 1)) [end, to] = [end - 1, to - 1];
    return [start, end, from, to];
  });
}

function starts(words: readonly string[]): number[] {
  const places = [0];
  for (const word of words) places.push((places.at(-1) as number) + word.length);
  return places;
}

function came(
  text: string,
  from: number,
  to: number,
  live: (at: number) => string,
  elsewhere: readonly (readonly Span[])[],
): string[] {
  const words = text.slice(from, to);
  const moved = movedFrom(words.trim(), elsewhere);
  if (!moved) return Array.from({ length: to - from }, (_, i) => live(from + i));
  const lead = words.length - words.trimStart().length;
  return Array.from({ length: to - from }, (_, i) => moved[Math.min(Math.max(i - lead, 0), moved.length - 1)] as string);
}

function movedFrom(sought: string, elsewhere: readonly (readonly Span[])[]): string[] | null {
  if (sought.length < MOVED) return null;
  for (const spans of elsewhere) {
    const at = spans.map(([, words]) => words).join("").indexOf(sought);
    if (at < 0) continue;
    return spans
      .flatMap(([author, words]) => Array.from<string>({ length: words.length }).fill(author))
      .slice(at, at + sought.length);
  }
  return null;
}

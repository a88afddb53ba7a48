import type { Node } from "prosemirror-model";
import { Plugin } from "prosemirror-state";
import { Decoration, DecorationSet } from "prosemirror-view";

import * as messages from "./messages";
import { tokensOf, type Token } from "./tokens";
import { changes } from "./words";

/** The words of a passage in one version of the text, and the numbers of the amendments that made it. */
export interface Step {
  by: number[];
  words: string;
}

/** The amendments that brought a word; none for a word of the frozen text. */
type Origin = readonly number[];

const NONE: Origin = [];
const keysOf = (tokens: readonly Token[]): string[] => tokens.map(({ key }) => key);

/** Pairs of the indexes of unchanged tokens. */
function* kept(before: readonly Token[], after: readonly Token[]): Generator<[number, number]> {
  let [i, k] = [0, 0];
  for (const [a1, a2, , b2] of changes(keysOf(before), keysOf(after))) {
    while (i < a1) yield [i++, k++];
    [i, k] = [a2, b2];
  }
  while (i < before.length) yield [i++, k++];
}

/** For each token of the last version, the amendments that brought it. */
export function originsOf(steps: readonly Step[], read: (words: string) => Node | null): Origin[] {
  let tokens: Token[] = [];
  let origins: Origin[] = [];
  for (const { by, words } of steps) {
    const doc = read(words);
    const next = doc ? tokensOf(doc) : [];
    const found = next.map((): Origin => by);
    for (const [i, k] of kept(tokens, next)) found[k] = origins[i] ?? NONE;
    [tokens, origins] = [next, found];
  }
  return origins;
}

/** Marks the words that adopted amendments brought, as far as they are still there; the text that is sent has no marks. */
export function adoptedWords(before: Node, origins: readonly Origin[]): Plugin {
  const tokens = tokensOf(before);
  const draw = (doc: Node): DecorationSet => DecorationSet.create(doc, marks(tokens, origins, doc));
  return new Plugin<DecorationSet>({
    state: {
      init: (_config, state) => draw(state.doc),
      apply: (tr, old) => (tr.docChanged ? draw(tr.doc) : old),
    },
    props: {
      decorations(state) {
        return this.getState(state);
      },
    },
  });
}

interface Run {
  from: number;
  to: number;
  by: Origin;
}

/** Runs of words of one origin that are still there, without the spaces around them. */
function marks(before: readonly Token[], origins: readonly Origin[], doc: Node): Decoration[] {
  if (before.length !== origins.length) return [];
  const now = tokensOf(doc);
  const found: Run[] = [];
  let between = ""; // spaces that belong to a run only if a word of it follows
  for (const [i, k] of kept(before, now)) {
    const [token, by] = [now[k], origins[i] ?? NONE];
    if (!token || token.boundary || !by.length) continue;
    const last = found.at(-1);
    const isNext = last && last.to + between.length === token.from && String(last.by) === String(by);
    if (!token.text.trim()) between = isNext ? token.text : "";
    else {
      if (isNext) last.to = token.to;
      else found.push({ from: token.from, to: token.to, by });
      between = "";
    }
  }
  return found.map(({ from, to, by }) => {
    const title = messages.adopted(by);
    return Decoration.inline(from, to, { nodeName: "mark", class: "adopted", title, "aria-description": title });
  });
}

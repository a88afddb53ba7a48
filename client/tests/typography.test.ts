import { expect, test } from "vitest";

import { NARROW, typeset, WIDE } from "../editor/typography";

/** What stands after typing the letters one by one. */
const typed = (letters: string): string =>
  [...letters].reduce((text, letter) => typeset(text + letter) ?? text + letter, "");

test.each([
  ["Pourquoi?", `Pourquoi${NARROW}?`],
  ["Pourquoi ?", `Pourquoi${NARROW}?`],
  ["Oui!!", `Oui${NARROW}!!`],
  ["territoriales;", `territoriales${NARROW};`],
  ["l'État demande:", `l’État demande${WIDE}:`],
  ["https://exemple.fr", "https://exemple.fr"],
  ["à 12:30", "à 12:30"],
  ['dit "oui" deux fois', `dit «${WIDE}oui${WIDE}» deux fois`],
  ['("oui")', `(«${WIDE}oui${WIDE}»)`],
  ["<<oui>>", `«${WIDE}oui${WIDE}»`],
  ["« oui »", `«${WIDE}oui${WIDE}»`],
  ["et puis...", "et puis…"],
  ["aujourd'hui", "aujourd’hui"],
  ["'seul'", "'seul’"],
])("%s", (letters, expected) => expect(typed(letters)).toBe(expected));

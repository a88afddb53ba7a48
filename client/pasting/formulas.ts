/** The kinds of clauses that a paragraph's first words announce. */
export type Announced = "visa" | "considerant" | "demande";

const SUBJECT = "(?:(?:(?:le|les|la)\\s|l[’'])(?:congrès|assemblée|conseil|comité|association|bureau|élus|élues|signataires|collectivités|maires)[^.;:,]{0,60}?\\s|nous\\s)?";
const NO_LETTER = "(?![\\p{L}])";

const FORMULAS: [Announced, RegExp][] = [
  ["visa", new RegExp(`^vue?s?${NO_LETTER}`, "iu")],
  [
    "considerant",
    new RegExp(
      `^(?:considérant|constatant|rappelant|attendu|soulignant|estimant|notant|reconnaissant|regrettant|déplorant|saluant|observant|relevant|sachant|ayant|prenant acte|convaincue?s?|préoccupée?s?|conscient(?:e?s?))${NO_LETTER}`,
      "iu",
    ),
  ],
  [
    "demande",
    new RegExp(
      `^${SUBJECT}(?:demand|invit|exig|souhait|réclam|propos|décid|recommand|affirm|réaffirm|sollicit|encourag|exhort|approuv|mandat|charg|interpell|appell|pri)(?:ent|eons|ons|e)${NO_LETTER}`,
      "iu",
    ),
  ],
  ["demande", new RegExp(`^${SUBJECT}(?:s[’']engagent?|appelons|soutient|soutiennent|soutenons)${NO_LETTER}`, "iu")],
];

/** The kind announced by the beginning of a paragraph; null for other words. */
export function announcedBy(text: string): Announced | null {
  const opening = text.slice(0, 120).trim().replace(/^[«"“]\s*/, "");
  return FORMULAS.find(([, formula]) => formula.test(opening))?.[0] ?? null;
}

/**
 * Whether a line begins a clause: a formula with a capital letter, because a line may break before the same word inside
 * a sentence.
 */
export const beginsClause = (line: string): boolean => {
  const text = line.trim();
  return (/^\p{Lu}/u.test(text) && announcedBy(text) !== null) || /^Article\s+(?:\d+|premier|1er)/.test(text);
};

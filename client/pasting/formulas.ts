/** The kinds of clause that the first words of a paragraph announce. */
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

/** What the opening of a paragraph makes of it; null for any other words. */
export function announcedBy(text: string): Announced | null {
  const opening = text.slice(0, 120).trim().replace(/^[«"“]\s*/, "");
  return FORMULAS.find(([, formula]) => formula.test(opening))?.[0] ?? null;
}

/** Whether a line begins a clause: a formula with a capital, since a line may be broken before the same word in a sentence. */
export const beginsClause = (line: string): boolean => {
  const text = line.trim();
  return (/^\p{Lu}/u.test(text) && announcedBy(text) !== null) || /^Article\s+(?:\d+|premier|1er)/.test(text);
};

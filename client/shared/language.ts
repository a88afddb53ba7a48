const english = globalThis.document?.documentElement.lang.startsWith("en") ?? false;

/** A sentence of the interface: French, or English when the page is in English. */
export const say = (french: string, inEnglish: string): string => (english ? inEnglish : french);

/** The language of what the interface says, for `lang` attributes and formatting. */
export const language = english ? "en" : "fr";

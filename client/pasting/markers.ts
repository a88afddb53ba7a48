import type { Item } from "./structure";

/** The marker of a list item, as a program wrote it or a person typed it. */
export type Marker = Pick<Item, "ordered" | "number" | "marker">;

const BULLET: Marker = { ordered: false, number: 1, marker: "" };
/** Characters that are only used as bullets, including those of the fonts Symbol and Wingdings. */
const SIGNS = "•‣◦▪▫■□●○∙·⁃➢➤►▶❖✓✔➔→\\uf0b7\\uf0a7\\uf0d8\\uf076\\uf0fc\\uf0a8\\uf0e0";
const SIGN = new RegExp(`^[${SIGNS}]$`);
const TYPED_SIGN = new RegExp(`^\\s*([${SIGNS}])\\s*|^\\s*([-–—*])(?:\\s+|(?=\\p{Lu}))|^\\s*(o)\\t\\s*`, "u");
const TYPED_NUMBER = /^\s*(\(?(?:\d{1,3}|[a-z]|[ivx]{2,5})\)|\d{1,2}(?:\.|°\)?|\.?[-–])|\d{1,2}\.(?:\d{1,2}\.?)+)(?:\s+|$)/;

/**
 * The marker that a word processor wrote for an item: "1.", "b)", "iv.", "o", "·"; null for other words, such as
 * "Article 1".
 */
export function madeMarker(text: string): Marker | null {
  const sign = text.replace(/[\s\u00a0]+/g, "");
  if (!sign || SIGN.test(sign) || /^[-–—*o§Øüvq]$/.test(sign)) return BULLET;
  return numberOf(sign);
}

/** The marker that a person typed at the start of a line, with its length. */
export function typedMarker(text: string): { marker: Marker; length: number; sign: string } | null {
  const bullet = TYPED_SIGN.exec(text);
  if (bullet) return { marker: BULLET, length: bullet[0].length, sign: bullet[1] ?? bullet[2] ?? "o" };
  const number = TYPED_NUMBER.exec(text);
  const marker = number && numberOf(number[1] ?? "");
  return marker && { marker, length: number[0].length, sign: marker.marker ? "a" : "1" };
}

function numberOf(sign: string): Marker | null {
  const [, digits, letters] = /^\(?(?:(?:\d{1,3}\.)*(\d{1,3})|([a-z]{1,2}|[ivxlc]{1,7}))(?:[.)°\-–]|°\)|\.[-–])*$/i.exec(sign) ?? [];
  if (digits) return { ordered: true, number: Number(digits), marker: /^\d+(?:[.)\-–]|\.[-–])?$/.test(sign) ? "" : sign };
  return letters ? { ordered: true, number: orderOf(letters.toLowerCase()), marker: sign } : null;
}

const ROMAN: Record<string, number> = { i: 1, v: 5, x: 10, l: 50, c: 100 };

/** The number of a letter or Roman numeral: "b" is 2, "iv" 4; "i" alone is 1. */
function orderOf(letters: string): number {
  if (letters.length === 1 && letters !== "i") return letters.charCodeAt(0) - 96;
  const values = [...letters].map((letter) => ROMAN[letter]);
  if (values.some((value) => value === undefined)) return 1;
  const numbers = values as number[];
  return numbers.reduce((sum, value, at) => sum + (value < (numbers[at + 1] ?? 0) ? -value : value), 0);
}

/** An item's number in an HTML list of that type ("a", "A", "i", "I"), as shown; "" for Arabic numbers. */
export function shownMarker(type: string | null, number: number): string {
  if (!type || !/^[aAiI]$/.test(type) || number < 1) return "";
  const letters = type.toLowerCase() === "a" ? alphabetic(number) : roman(number);
  return `${type === "A" || type === "I" ? letters.toUpperCase() : letters}${type === "I" ? "." : ")"}`;
}

function alphabetic(number: number): string {
  const rest = Math.floor((number - 1) / 26);
  return (rest ? alphabetic(rest) : "") + String.fromCharCode(97 + ((number - 1) % 26));
}

const SYLLABLES: [number, string][] = [
  [100, "c"],
  [90, "xc"],
  [50, "l"],
  [40, "xl"],
  [10, "x"],
  [9, "ix"],
  [5, "v"],
  [4, "iv"],
  [1, "i"],
];

function roman(number: number): string {
  const [value, letters] = SYLLABLES.find(([each]) => each <= number) ?? [0, ""];
  return value ? letters + roman(number - value) : "";
}

import type { Item } from "./structure";

/** What stands before an item of a list, as a program wrote it or a person typed it. */
export type Marker = Pick<Item, "ordered" | "number" | "marker">;

const BULLET: Marker = { ordered: false, number: 1, marker: "" };
/** Signs that are nothing but bullets, those of the fonts Symbol and Wingdings among them. */
const SIGNS = "•‣◦▪▫■□●○∙·⁃➢➤►▶❖✓✔➔→\\uf0b7\\uf0a7\\uf0d8\\uf076\\uf0fc\\uf0a8\\uf0e0";
const SIGN = new RegExp(`^[${SIGNS}]$`);
const TYPED_SIGN = new RegExp(`^\\s*([${SIGNS}])\\s*|^\\s*([-–—*])(?:\\s+|(?=\\p{Lu}))|^\\s*(o)\\t\\s*`, "u");
const TYPED_NUMBER = /^\s*(\(?(?:\d{1,3}|[a-z]|[ivx]{2,5})\)|\d{1,2}(?:\.|°\)?|\.?[-–])|\d{1,2}\.(?:\d{1,2}\.?)+)(?:\s+|$)/;

/** The marker that a word processor made for an item: "1.", "b)", "iv.", "o", "·"; null for other words, such as "Article 1". */
export function madeMarker(text: string): Marker | null {
  const sign = text.replace(/[\s\u00a0]+/g, "");
  if (!sign || SIGN.test(sign) || /^[-–—*o§Øüvq]$/.test(sign)) return BULLET;
  return numberOf(sign);
}

/** The marker at the start of a line that a person typed, and how many letters it takes. */
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

/** "b" is the second, "iv" the fourth; "i" alone, with which Roman numbers begin, the first. */
function orderOf(letters: string): number {
  if (letters.length === 1 && letters !== "i") return letters.charCodeAt(0) - 96;
  const values = [...letters].map((letter) => ROMAN[letter]);
  if (values.some((value) => value === undefined)) return 1;
  const numbers = values as number[];
  return numbers.reduce((sum, value, at) => sum + (value < (numbers[at + 1] ?? 0) ? -value : value), 0);
}

/** The number of an item of an HTML list of that type ("a", "A", "i", "I"), as it is shown; "" for Arabic numbers. */
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

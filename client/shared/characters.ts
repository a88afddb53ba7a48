/**
 * The characters of a text as the record stores them: NFC, without invisible marks.
 *
 * The server cleans what forms send in the same way (`deliberation/kernel/plain_text.py`);
 * `tests/characters.fixture.json` tests both.
 */

/** Scripts whose letters are joined or kept apart by U+200C and U+200D, or whose words are parted by U+200B. */
const JOINING = "\\u0600-\\u08ff\\u0900-\\u109f\\u1780-\\u18af\\u1900-\\u1cff\\ua800-\\uabff\\ufb50-\\ufdff\\ufe70-\\ufefe";
/** Characters that U+200D joins into one emoji: pictures, skin tones, and the emoji variation selector. */
const PICTURES = "\\u2190-\\u2bff\\ufe0f\\u{1f000}-\\u{1faff}";
/** Scripts written from right to left. */
const LEFTWARDS = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefe\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

const JOINER = /[\u200b-\u200d]/g;
const ALWAYS = /[\u00ad\u034f\u180e\u202d\u202e\u2060-\u2065\u206a-\u206f\ufeff\ufff9-\ufffb]/g;
const DIRECTIONS = /[\u061c\u200e\u200f\u202a-\u202c\u2066-\u2069]/g;
/** The flag of a region is a black flag with tag characters; elsewhere tags are invisible and removed. */
const TAGS = /(\u{1f3f4}[\u{e0020}-\u{e007f}]+)|[\u{e0000}-\u{e007f}]+/gu;

/** Removes zero-width marks that no script or emoji needs where they are. */
export function withoutStrayMarks(text: string): string {
  if (/^[\x20-\x7e\u00a0-\u00ac\u00ae-\u02ff]*$/.test(text)) return text;
  const clean = text
    .replace(ALWAYS, "")
    .replace(TAGS, (_all, flag: string | undefined) => flag ?? "")
    .replace(JOINER, (mark, at: number, whole: string) => (isNeeded(mark, at, whole) ? mark : ""));
  return LEFTWARDS.test(clean) ? clean : clean.replace(DIRECTIONS, "");
}

const AFTER_LETTER = new RegExp(`[${JOINING}]$`, "u");
const AFTER_PICTURE = new RegExp(`[${PICTURES}]$`, "u");
const BEFORE_PICTURE = new RegExp(`^[${PICTURES}]`, "u");

function isNeeded(mark: string, at: number, whole: string): boolean {
  const before = whole.slice(Math.max(0, at - 2), at);
  if (AFTER_LETTER.test(before)) return true;
  return mark === "\u200d" && AFTER_PICTURE.test(before) && BEFORE_PICTURE.test(whole.slice(at + 1, at + 3));
}

/** The text as it is recorded. */
export const recordable = (text: string): string => withoutStrayMarks(text).normalize("NFC");

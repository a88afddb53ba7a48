/** Text reduced to what is the same in source and display: without emphasis signs, with one kind of space. */
function reduce(text: string): { letters: string; places: number[] } {
  let letters = "";
  const places: number[] = [];
  for (let i = 0; i < text.length; i += 1) {
    const letter = text[i] ?? "";
    if ("*_\\`>#".includes(letter)) continue;
    const plain = /[\s\u00a0\u202f]/.test(letter) ? " " : letter === "’" ? "'" : letter;
    if (plain === " " && (letters.endsWith(" ") || letters === "")) continue;
    if ((plain === " " || /[;:!?»]/.test(plain)) && letters.endsWith(" ")) {
      letters = letters.slice(0, -1);
      places.pop();
    }
    letters += plain;
    places.push(i);
  }
  return { letters, places };
}

/**
 * The passage of `source` (Markdown) that was selected on the page, where typography and emphasis may differ. Null if
 * it is not found.
 */
export function findPassage(source: string, selected: string): string | null {
  const whole = reduce(source);
  const wanted = reduce(selected).letters.trim();
  const start = wanted ? whole.letters.indexOf(wanted) : -1;
  if (start < 0) return null;
  const from = whole.places[start] ?? 0;
  const to = (whole.places[start + wanted.length - 1] ?? from) + 1;
  return source.slice(from, to);
}

/** A word of a passage as the page shows it: the word, and which of its occurrences there it is, from 1. */
export interface PressedWord {
  word: string;
  nth: number;
}

const WORD = /[\p{L}\p{N}]+/gu;
const APART = "sup, .visually-hidden";

/** The word that stands at this place of a text node within a passage; null beside words, and in calls of notes. */
export function wordAt(passage: HTMLElement, node: Node, offset: number): PressedWord | null {
  if (!(node instanceof Text) || node.parentElement?.closest(APART)) return null;
  const { text, start } = visibleText(passage, node);
  if (start < 0) return null;
  const at = start + offset;
  const words = [...text.matchAll(WORD)];
  const found = words.find((match) => match.index <= at && at <= match.index + match[0].length);
  if (!found) return null;
  const same = words.filter((match) => match[0].toLowerCase() === found[0].toLowerCase());
  return { word: found[0], nth: same.indexOf(found) + 1 };
}

/** The words of a passage without calls of notes; `start` is where those of the node begin, -1 outside. */
function visibleText(passage: HTMLElement, node: Text): { text: string; start: number } {
  const walker = document.createTreeWalker(passage, NodeFilter.SHOW_TEXT);
  let text = "";
  let start = -1;
  for (let next = walker.nextNode(); next; next = walker.nextNode()) {
    if (next === node) start = text.length;
    text += next.parentElement?.closest(APART) ? " " : (next.textContent ?? "");
    if (endsBlock(next)) text += " ";
  }
  return { text, start };
}

/** Whether a paragraph, an item or a line ends behind this text: words on both sides are no one word. */
function endsBlock(node: Node): boolean {
  const parent = node.parentElement;
  const inline = ["STRONG", "EM", "A", "SPAN", "MARK"];
  return parent !== null && !inline.includes(parent.tagName) && parent.lastChild === node;
}

import { hasWords, readHtml } from "./html";
import { asText } from "./plain";
import type { Block } from "./structure";
import { readText } from "./text";

type Clipboard = Pick<DataTransfer, "getData">;

/** The clipboard's content; taken from its HTML if there is any, which has lists, cells and deletions. */
function contentOf(data: Clipboard): Block[] {
  const html = data.getData("text/html");
  return hasWords(html) ? readHtml(html) : readText(data.getData("text/plain"));
}

/**
 * The clipboard's content as plain text for a field, to be inserted between the text before and after it: lists and rows
 * of a table begin and end on lines of their own.
 */
export function clipboardText(data: Clipboard, before = "", after = ""): string {
  const blocks = contentOf(data);
  const [first, last] = [blocks[0], blocks.at(-1)];
  const opening = first && /\S[^\n]*$/.test(before) ? breakBefore(first) : "";
  const closing = last && isOwnLine(last) && /^[^\S\n]*\S/.test(after) ? "\n\n" : "";
  return opening + asText(blocks) + closing;
}

const isOwnLine = (block: Block): boolean => block.kind === "item" || block.kind === "row";

/** A list that does not start from 1 needs an empty line: CommonMark would read it as words of the line before. */
function breakBefore(block: Block): string {
  if (!isOwnLine(block)) return "";
  return block.kind === "item" && block.ordered && block.number !== 1 ? "\n\n" : "\n";
}

/** Pasting into a text area inserts the content without layout, quoted mail and the like. */
export function pasteAsText(field: HTMLTextAreaElement): void {
  let plainly = false;
  field.addEventListener("keydown", (event) => (plainly = event.shiftKey && event.key.toLowerCase() === "v"));
  field.addEventListener("paste", (event) => {
    const data = event.clipboardData;
    if (!data || plainly || field.readOnly || field.disabled) return;
    const words = clipboardText(data, field.value.slice(0, field.selectionStart), field.value.slice(field.selectionEnd));
    if (words === data.getData("text/plain")) return;
    event.preventDefault();
    insert(field, words);
  });
}

/** Inserts by the browser's own command, so that Ctrl+Z undoes it. */
function insert(field: HTMLTextAreaElement, words: string): void {
  if (document.execCommand?.("insertText", false, words)) return;
  field.setRangeText(words, field.selectionStart, field.selectionEnd, "end");
  field.dispatchEvent(new InputEvent("input", { bubbles: true, inputType: "insertFromPaste" }));
}

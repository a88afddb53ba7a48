import { hasWords, readHtml } from "./html";
import { asText } from "./plain";
import { readText } from "./text";

/**
 * The clipboard's content as plain text for a field; taken from its HTML if there is any, which has lists, cells and
 * deletions.
 */
export function clipboardText(data: Pick<DataTransfer, "getData">): string {
  const html = data.getData("text/html");
  return asText(hasWords(html) ? readHtml(html) : readText(data.getData("text/plain")));
}

/** Pasting into a text area inserts the content without layout, quoted mail and the like. */
export function pasteAsText(field: HTMLTextAreaElement): void {
  let plainly = false;
  field.addEventListener("keydown", (event) => (plainly = event.shiftKey && event.key.toLowerCase() === "v"));
  field.addEventListener("paste", (event) => {
    const data = event.clipboardData;
    if (!data || plainly || field.readOnly || field.disabled) return;
    const words = clipboardText(data);
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

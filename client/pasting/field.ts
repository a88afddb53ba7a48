import { hasWords, readHtml } from "./html";
import { asText } from "./plain";
import { readText } from "./text";

/** What a clipboard holds as the plain text of a field; its HTML knows of lists, cells and deletions, its text does not. */
export function clipboardText(data: Pick<DataTransfer, "getData">): string {
  const html = data.getData("text/html");
  return asText(hasWords(html) ? readHtml(html) : readText(data.getData("text/plain")));
}

/** Pasting into a field of many lines brings what was meant, not what the clipboard says besides. */
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

/** By the browser's own command, so that Ctrl+Z takes it back. */
function insert(field: HTMLTextAreaElement, words: string): void {
  if (document.execCommand?.("insertText", false, words)) return;
  field.setRangeText(words, field.selectionStart, field.selectionEnd, "end");
  field.dispatchEvent(new InputEvent("input", { bubbles: true, inputType: "insertFromPaste" }));
}

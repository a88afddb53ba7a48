/** Copies text to the clipboard, also on a page without TLS, where the Clipboard API is not available. */
export async function copyWords(words: string): Promise<void> {
  if (globalThis.isSecureContext && navigator.clipboard) return navigator.clipboard.writeText(words);
  const before = document.activeElement as HTMLElement | null;
  const field = document.createElement("textarea");
  field.value = words;
  field.className = "announcer";
  document.body.append(field);
  field.select();
  document.execCommand("copy");
  field.remove();
  before?.focus();
}

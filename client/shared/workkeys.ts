/** What the keys of a whole workspace do, wherever the focus is. */
export interface WorkspaceActs {
  /** Ctrl+S; null for readers, whose browser keeps the key. */
  save: (() => void) | null;
  /** `?` outside of fields, and F1. */
  help: () => void;
}

/** Whether keys are typed there as letters. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof Element)) return false;
  const field = target.closest("input, textarea, select, [contenteditable]");
  if (field instanceof HTMLInputElement) return !["checkbox", "radio", "button", "submit", "range"].includes(field.type);
  return field !== null && field.getAttribute("contenteditable") !== "false";
}

/** What a key press asks for; null if it is none of the workspace's. */
export function workspaceKey(event: KeyboardEvent): keyof WorkspaceActs | null {
  if (event.isComposing) return null;
  const modified = event.ctrlKey || event.metaKey;
  if (modified && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "s") return "save";
  if (event.key === "F1") return "help";
  return event.key === "?" && !modified && !isTyping(event.target) ? "help" : null;
}

export function workspaceKeys(acts: WorkspaceActs): void {
  document.addEventListener(
    "keydown",
    (event) => {
      const wanted = workspaceKey(event);
      const act = wanted && acts[wanted];
      if (!act || document.querySelector("dialog[open]")) return;
      event.preventDefault();
      event.stopPropagation();
      act();
    },
    { capture: true },
  );
}

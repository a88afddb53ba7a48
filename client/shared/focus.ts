/**
 * Gives the focus to what has just opened. Where it cannot have it (it is hidden, or was disabled meanwhile) nothing has: no
 * key press that is meant for it may reach the text. Returns whether it has the focus.
 */
export function takeFocus(target: HTMLElement | null | undefined, options: FocusOptions = {}): boolean {
  target?.focus(options);
  const { activeElement } = document;
  if (target && activeElement === target) return true;
  if (activeElement instanceof HTMLElement) activeElement.blur();
  return false;
}

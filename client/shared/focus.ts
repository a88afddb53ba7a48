/**
 * Moves the focus to what has just opened. If it cannot have the focus (hidden, or disabled meanwhile), nothing has it,
 * so that no key press meant for it reaches the text. Returns whether it has the focus.
 */
export function takeFocus(target: HTMLElement | null | undefined, options: FocusOptions = {}): boolean {
  target?.focus(options);
  const { activeElement } = document;
  if (target && activeElement === target) return true;
  if (activeElement instanceof HTMLElement) activeElement.blur();
  return false;
}

/** Pixels: a smaller change of height is a bar of the browser, not a keyboard. */
const LEAST = 120;

/**
 * Keeps `bar` above the virtual keyboard, which on some phones covers the page without resizing it; `data-typing` marks
 * that there is one, so that less important parts make room.
 */
export function stayAboveKeyboard(bar: HTMLElement): void {
  const visible = globalThis.visualViewport;
  if (!visible) return;
  const place = (): void => {
    const covered = Math.max(0, innerHeight - visible.height - visible.offsetTop);
    bar.style.setProperty("--keyboard", `${Math.round(covered)}px`);
    bar.toggleAttribute("data-typing", covered > LEAST);
  };
  visible.addEventListener("resize", place);
  visible.addEventListener("scroll", place);
  place();
}

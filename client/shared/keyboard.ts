/** Less than this is no keyboard, but a bar of the browser. */
const LEAST = 120;

/**
 * Keeps `bar` above the virtual keyboard, which covers the page without making it smaller on some phones; `data-typing` says
 * that there is one, so that what is not needed meanwhile makes room.
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

/** Keeps `bar` above the virtual keyboard, which covers the page without making it smaller on some phones. */
export function stayAboveKeyboard(bar: HTMLElement): void {
  const visible = globalThis.visualViewport;
  if (!visible) return;
  const place = (): void => {
    const covered = Math.max(0, innerHeight - visible.height - visible.offsetTop);
    bar.style.setProperty("--keyboard", `${Math.round(covered)}px`);
  };
  visible.addEventListener("resize", place);
  visible.addEventListener("scroll", place);
  place();
}

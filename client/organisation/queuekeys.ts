const TYPING = "input, textarea, select, [contenteditable=true]";

/** The queue of organisers by keyboard: j and k go on and back, o presses the act that agrees, n goes to the reason. */
export class QueueKeys {
  constructor(private readonly queue: HTMLElement) {}

  listen(): void {
    document.addEventListener("keydown", (event) => this.key(event));
    document.querySelector<HTMLElement>("[data-keys]")?.removeAttribute("hidden");
  }

  private key(event: KeyboardEvent): void {
    const typing = event.target instanceof Element && event.target.closest(TYPING);
    if (typing || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (event.key === "j") this.go(1);
    else if (event.key === "k") this.go(-1);
    else if (event.key === "o") this.current()?.querySelector<HTMLButtonElement>("[data-key=o]")?.click();
    else if (event.key === "n") this.current()?.querySelector<HTMLElement>("[name=reason]")?.focus();
    else return;
    event.preventDefault();
  }

  private items(): HTMLElement[] {
    return [...this.queue.querySelectorAll<HTMLElement>(".queue-item")];
  }

  /** The item that has the focus, or that the address names; none before the first key. */
  private current(): HTMLElement | undefined {
    const focused = document.activeElement?.closest<HTMLElement>(".queue-item");
    return focused ?? this.items().find((item) => `#${item.id}` === location.hash);
  }

  private go(by: 1 | -1): void {
    const items = this.items();
    const current = this.current();
    const at = current ? items.indexOf(current) + by : 0;
    items[Math.max(0, Math.min(at, items.length - 1))]?.focus();
  }
}

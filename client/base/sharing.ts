import { copyWords } from "../shared/clipboard";
import { say } from "../shared/language";

/** Printing, copying the link and the device's own way of sharing, in each bar below a text. */
export function offerSharing(): void {
  for (const bar of document.querySelectorAll<HTMLElement>("[data-island=share]")) {
    const link = bar.querySelector<HTMLInputElement>("input[readonly]");
    offer(bar, "[data-print]", () => window.print());
    if (!link) continue;
    const status = bar.querySelector("[role=status]");
    link.addEventListener("focus", () => link.select());
    offer(bar, "[data-copy]", () => {
      void copyWords(link.value).then(() => status && (status.textContent = say("Lien copié.", "Link copied.")));
    });
    if ("share" in navigator)
      offer(bar, "[data-share]", () => void navigator.share({ title: document.title, url: link.value }).catch(() => undefined));
  }
}

function offer(bar: HTMLElement, selector: string, act: () => void): void {
  const button = bar.querySelector<HTMLButtonElement>(selector);
  button?.addEventListener("click", act);
  if (button) button.hidden = false;
}

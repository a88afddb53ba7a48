import { say } from "../shared/language";

const REMEMBERED = "raccourcis-de-seance";

/** Whether a key belongs to what somebody is filling in. */
const isTyping = (target: EventTarget | null): boolean =>
  target instanceof Element && target.closest("input, textarea, select, [contenteditable]") !== null;

const enabled = (): boolean => localStorage.getItem(REMEMBERED) !== "non";

/** Keyboard shortcuts of the chair's bar: each presses the button that shows it. They can be switched off. */
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || !enabled()) return;
  const wanted = [...document.querySelectorAll<HTMLElement>(".chair [data-key]")];
  const target = wanted.find((one) => one.dataset["key"] === event.key.toLowerCase());
  if (!target || event.repeat) return;
  event.preventDefault();
  target.focus();
  if (target.tagName === "SUMMARY") unfold(target);
  else target.click();
});

/** Opens a `<details>` and focuses its first field. */
function unfold(summary: HTMLElement): void {
  const details = summary.parentElement as HTMLDetailsElement;
  details.open = true;
  details.querySelector<HTMLElement>("select, input:not([type=hidden])")?.focus();
}

function offer(place: HTMLElement): void {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "link";
  const label = (): void => {
    button.textContent = enabled()
      ? say("Raccourcis clavier actifs : les couper", "Keyboard shortcuts are on: switch them off")
      : say("Raccourcis clavier coupés : les activer", "Keyboard shortcuts are off: switch them on");
    document.querySelector(".conduct")?.classList.toggle("without-keys", !enabled());
  };
  button.addEventListener("click", () => {
    localStorage.setItem(REMEMBERED, enabled() ? "non" : "oui");
    label();
  });
  label();
  place.replaceChildren(button);
  place.hidden = false;
}

/** Restores the offer when the bar was rendered again. */
function keepOffering(): void {
  const place = document.querySelector<HTMLElement>("[data-shortcuts]");
  if (place && !place.hasChildNodes()) offer(place);
}

keepOffering();
const bar = document.querySelector(".conduct");
if (bar) new MutationObserver(keepOffering).observe(bar, { childList: true });

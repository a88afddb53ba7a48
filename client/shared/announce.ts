import { element } from "./element";

let region: HTMLElement | undefined;

/** Tells people who listen to the page, without interrupting them; `shown` tells those who look, too. */
export function announce(sentence: string, shown = false): void {
  if (shown) show(sentence);
  if (!region) {
    region = element("div", { class: "announcer", role: "status", "aria-live": "polite" });
    document.body.append(region);
  }
  const place = region;
  place.textContent = "";
  setTimeout(() => (place.textContent = sentence), 80);
}

/** A word that goes away by itself; whoever misses it misses nothing. */
function show(sentence: string): void {
  const note = element("p", { class: "passing-note", "aria-hidden": "true" }, sentence);
  document.body.append(note);
  setTimeout(() => note.remove(), 2500);
}

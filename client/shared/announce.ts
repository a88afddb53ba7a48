import { element } from "./element";

let region: HTMLElement | undefined;

/** Announces a sentence to screen readers without interrupting them; `shown` also shows it. */
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

/** Milliseconds for which a message is seen: at least, and for each character. */
const LEAST = 2500;
const EACH = 60;
let seen: HTMLElement | undefined;

/** A message that disappears by itself; it must not be important. */
function show(sentence: string): void {
  seen?.remove();
  const note = element("p", { class: "passing-note", "aria-hidden": "true" }, sentence);
  seen = note;
  document.body.append(note);
  setTimeout(() => note.remove(), Math.max(LEAST, sentence.length * EACH));
}

import { element } from "./element";

let region: HTMLElement | undefined;

/** Tells people who listen to the page, without interrupting them. */
export function announce(sentence: string): void {
  if (!region) {
    region = element("div", { class: "announcer", role: "status", "aria-live": "polite" });
    document.body.append(region);
  }
  const place = region;
  place.textContent = "";
  setTimeout(() => (place.textContent = sentence), 80);
}

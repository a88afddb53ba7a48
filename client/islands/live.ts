import { Channel } from "../shared/channel";
import { runCountdowns } from "../shared/countdown";

/** One live part of the page. Its content waits while somebody is typing in it, and keeps the focus where it was. */
class Part {
  #shown = "";
  #waiting: string | null = null;
  #asked = 0;

  constructor(private readonly place: HTMLElement) {
    place.addEventListener("focusout", () => setTimeout(() => this.#waiting !== null && this.show(this.#waiting)));
  }

  /** What is the same for all comes with the news; what is this person's own is asked for. */
  take(html: string): void {
    const address = this.place.dataset["liveAddress"];
    if (address) void this.#fetch(address);
    else this.show(html);
  }

  async #fetch(address: string): Promise<void> {
    const asked = ++this.#asked;
    const answer = await fetch(address).catch(() => null);
    if (!answer?.ok || answer.redirected) return;
    const html = await answer.text();
    if (asked === this.#asked) this.show(html);
  }

  show(html: string): void {
    if (html === this.#shown) return;
    const active = this.place.contains(document.activeElement) ? document.activeElement : null;
    if (active?.matches("input, textarea, select")) {
      this.#waiting = html;
      return;
    }
    this.#waiting = null;
    this.#shown = html;
    const focused = active ? focusable(this.place).indexOf(active as HTMLElement) : -1;
    const open = [...this.place.querySelectorAll("details")].map((details) => details.open);
    this.place.innerHTML = html;
    this.place.querySelectorAll("details").forEach((details, i) => (details.open = open[i] ?? details.open));
    const again = (active?.id && document.getElementById(active.id)) || focusable(this.place)[focused];
    again?.focus({ preventScroll: true });
    this.place.dispatchEvent(new Event("shown", { bubbles: true }));
  }
}

const focusable = (place: HTMLElement): HTMLElement[] => [
  ...place.querySelectorAll<HTMLElement>("a[href], button, input, select, textarea, summary, [tabindex]"),
];

runCountdowns();
const source = document.querySelector<HTMLElement>("[data-live-source]");
const parts = new Map<string, Part[]>();
for (const place of document.querySelectorAll<HTMLElement>("[data-live]")) {
  const topic = place.dataset["live"] ?? "";
  parts.set(topic, [...(parts.get(topic) ?? []), new Part(place)]);
}
if (source?.dataset["liveSource"] && parts.size)
  new Channel(source.dataset["liveSource"], source.dataset["liveFrom"] ?? "", parts);

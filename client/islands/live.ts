import { follow } from "../shared/channel";
import { runCountdowns } from "../shared/countdown";
import { LiveLine } from "../shared/liveline";
import { swap } from "../shared/swap";
import { VoteAlert, offerAlerts, wishOf } from "../shared/votealert";

/** Milliseconds. */
const FIRST_RETRY = 500;
const SLOWEST_RETRY = 15_000;

/** A live part of the page. Its update waits while somebody is typing in it, and the focus is kept. */
class Part {
  #shown = "";
  #waiting: string | null = null;
  #asked = 0;

  constructor(private readonly place: HTMLElement) {
    place.addEventListener("focusout", () => setTimeout(() => this.#waiting !== null && this.show(this.#waiting)));
  }

  /** Shows new HTML. What is the same for everybody comes with the event; personal content is requested. */
  take(html: string): void {
    const address = this.place.dataset["liveAddress"];
    if (address) void this.#fetch(address);
    else this.show(html);
  }

  /** Requests the content, repeatedly until it arrives. */
  async #fetch(address: string, retry = FIRST_RETRY): Promise<void> {
    const asked = ++this.#asked;
    const answer = await fetch(address).catch(() => null);
    if (answer?.redirected) return;
    const html = answer?.ok ? await answer.text().catch(() => null) : null;
    if (asked !== this.#asked) return;
    if (html !== null) this.show(html);
    else setTimeout(() => asked === this.#asked && void this.#fetch(address, Math.min(retry * 2, SLOWEST_RETRY)), retry);
  }

  show(html: string): void {
    if (html === this.#shown) return;
    if (this.place.contains(document.activeElement) && document.activeElement?.matches("input, textarea, select")) {
      this.#waiting = html;
      return;
    }
    this.#waiting = null;
    this.#shown = html;
    swap(this.place, html);
    this.place.dispatchEvent(new Event("shown", { bubbles: true }));
  }
}

/** Whoever votes is told of votes in the background too; null for others. */
function alertOf(line: HTMLElement): VoteAlert | null {
  const vote = line.querySelector<HTMLAnchorElement>("a.button");
  if (!vote) return null;
  const wish = wishOf(document.documentElement.dataset["actor"] ?? "");
  const button = document.querySelector<HTMLButtonElement>("button[data-island=vote-alerts]");
  if (button) offerAlerts(button, wish);
  return new VoteAlert(vote.href, wish);
}

runCountdowns();
const source = document.querySelector<HTMLElement>("[data-live-source]")?.dataset;
for (const place of source ? document.querySelectorAll<HTMLElement>("[data-live]") : []) {
  const topic = place.dataset["live"] ?? "";
  const line = place.closest<HTMLElement>("[data-island=line]");
  const alert = line ? alertOf(line) : null;
  const part = line ? new LiveLine(line, place, alert) : new Part(place);
  follow(source?.["liveSource"] ?? "", source?.["liveFrom"] ?? "", topic, part, !line, alert !== null);
}

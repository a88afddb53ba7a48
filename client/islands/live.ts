import { runCountdowns } from "../shared/countdown";
import { element } from "../shared/element";
import { say } from "../shared/language";

interface News {
  seq: number;
  topic: string;
  html: string;
}

const MOST_TOPICS = 8;
const PATIENCE = 8000;
const RETRY = 2000;
const SLOWEST_RETRY = 30_000;

/** Keeps the marked parts of the page as they are on the server, as long as somebody looks at them. */
class Channel {
  #source: EventSource | null = null;
  #seen: string;
  #retry = RETRY;
  #patience: ReturnType<typeof setTimeout> | undefined;
  #reopening: ReturnType<typeof setTimeout> | undefined;
  #lost = element(
    "p",
    { class: "live-lost", role: "status", hidden: true },
    say("Connexion perdue : cette page ne se met plus à jour.", "Connection lost: this page is no longer updated."),
  );

  constructor(
    private readonly address: string,
    from: string,
    private readonly parts: Map<string, Part[]>,
  ) {
    this.#seen = from;
    document.body.append(this.#lost);
    document.addEventListener("visibilitychange", () => (document.hidden ? this.#close() : this.#open()));
    addEventListener("pagehide", () => this.#close());
    addEventListener("pageshow", () => this.#open());
    if (!document.hidden) this.#open();
  }

  #open(): void {
    if (this.#source) return;
    const address = new URL(this.address, location.href);
    address.searchParams.set("sujets", [...this.parts.keys()].slice(0, MOST_TOPICS).join(","));
    if (this.#seen) address.searchParams.set("depuis", this.#seen);
    const source = new EventSource(address);
    this.#source = source;
    this.#watch();
    source.onopen = () => {
      this.#retry = RETRY;
      this.#calm();
      this.#lost.hidden = true;
    };
    source.onmessage = ({ data, lastEventId }: MessageEvent<string>) => {
      this.#seen = lastEventId || this.#seen;
      this.#take(JSON.parse(data) as News);
    };
    source.onerror = () => this.#failed(source);
  }

  /** The browser tries again by itself after a cut, but gives up for good after an error page. */
  #failed(source: EventSource): void {
    this.#watch();
    if (source.readyState !== EventSource.CLOSED || this.#source !== source) return;
    this.#source = null;
    this.#reopening = setTimeout(() => this.#open(), this.#retry);
    this.#retry = Math.min(this.#retry * 2, SLOWEST_RETRY);
  }

  /** Runs from the first failure on: further ones do not begin the wait anew. */
  #watch(): void {
    this.#patience ??= setTimeout(() => (this.#lost.hidden = false), PATIENCE);
  }

  #calm(): void {
    clearTimeout(this.#patience);
    this.#patience = undefined;
  }

  #close(): void {
    this.#calm();
    clearTimeout(this.#reopening);
    this.#source?.close();
    this.#source = null;
  }

  #take({ topic, html }: News): void {
    for (const part of this.parts.get(topic) ?? []) part.take(html);
  }
}

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

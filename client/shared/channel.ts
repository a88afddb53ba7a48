import { Backoff } from "./backoff";
import { element } from "./element";
import { say } from "./language";

interface News {
  seq: number;
  topic: string;
  html: string;
}

/** A listener for announcements of the server. */
export interface Told {
  take: (html: string) => void;
}

const MOST_TOPICS = 8;
const PATIENCE = 8000;
const SLOWEST_RETRY = 30_000;

let shared: Channel | null = null;

/**
 * Follows a topic on the page's only channel: browsers open six connections to a server at most, for all tabs together.
 * `from` is the size of the record that the page shows of it. `tells` says whether to show that the connection is lost;
 * false if the page shows it in another way, or does not depend on it.
 */
export function follow(address: string, from: string, topic: string, part: Told, tells = true): void {
  shared ??= new Channel(address);
  shared.add(topic, from, part, tells);
}

/** Receives the server's announcements while the page is visible. */
class Channel {
  readonly #parts = new Map<string, Told[]>();
  #source: EventSource | null = null;
  #opening = false;
  #seen = Infinity;
  #backoff = new Backoff(SLOWEST_RETRY);
  #patience: ReturnType<typeof setTimeout> | undefined;
  #reopening: ReturnType<typeof setTimeout> | undefined;
  #lost = element(
    "p",
    { class: "live-lost", role: "status", hidden: true },
    say("Connexion perdue : cette page ne se met plus à jour.", "Connection lost: this page is no longer updated."),
  );

  constructor(private readonly address: string) {
    document.addEventListener("visibilitychange", () => (document.hidden ? this.#close() : this.#open()));
    addEventListener("pagehide", () => this.#close());
    addEventListener("pageshow", () => this.#open());
  }

  /** A topic that the open connection lacks has it opened again, once for all topics that are added at a time. */
  add(topic: string, from: string, part: Told, tells: boolean): void {
    const isNew = !this.#parts.has(topic);
    this.#parts.set(topic, [...(this.#parts.get(topic) ?? []), part]);
    this.#seen = Math.min(this.#seen, Number(from) || 0);
    if (tells) document.body.append(this.#lost);
    if (!isNew || this.#opening) return;
    this.#opening = true;
    queueMicrotask(() => {
      this.#opening = false;
      this.#close();
      if (!document.hidden) this.#open();
    });
  }

  #open(): void {
    if (this.#source) return;
    const address = new URL(this.address, location.href);
    address.searchParams.set("sujets", [...this.#parts.keys()].slice(0, MOST_TOPICS).join(","));
    if (this.#seen) address.searchParams.set("depuis", String(this.#seen));
    const source = new EventSource(address);
    this.#source = source;
    this.#watch();
    source.onopen = () => {
      this.#backoff.succeeded();
      this.#calm();
      this.#lost.hidden = true;
    };
    source.onmessage = ({ data, lastEventId }: MessageEvent<string>) => {
      this.#seen = Number(lastEventId) || this.#seen;
      this.#take(JSON.parse(data) as News);
    };
    source.onerror = () => this.#failed(source);
  }

  /**
   * Reconnects with growing random waits. The browser's own retry comes after the same time everywhere, and never after
   * an error page.
   */
  #failed(source: EventSource): void {
    this.#watch();
    source.close();
    if (this.#source !== source) return;
    this.#source = null;
    this.#reopening = setTimeout(() => this.#open(), this.#backoff.next());
  }

  /** Starts at the first failure; further failures do not restart it. */
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
    for (const part of this.#parts.get(topic) ?? []) part.take(html);
  }
}

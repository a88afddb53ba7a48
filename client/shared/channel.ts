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
 * false if the page shows it in another way, or does not depend on it. `stays` says to follow in the background too.
 */
export function follow(address: string, from: string, topic: string, part: Told, tells = true, stays = false): void {
  shared ??= new Channel(address);
  shared.add(topic, from, part, tells);
  if (stays) shared.stay();
}

/** One page in the background at a time holds this lock, and with it a connection: the others close theirs. */
const BACKGROUND = "pleniere:background";

/** Receives the server's announcements while the page is visible; in the background, if it is the one that may. */
class Channel {
  readonly #parts = new Map<string, Told[]>();
  #source: EventSource | null = null;
  #opening = false;
  #stays = false;
  #release = (): void => undefined;
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
    document.addEventListener("visibilitychange", () => this.#turn());
    addEventListener("pagehide", () => this.#leave());
    addEventListener("pageshow", () => this.#turn());
  }

  /** Has the page follow in the background too. */
  stay(): void {
    this.#stays = true;
  }

  /** As the page is seen now, or in the background. */
  #turn(): void {
    if (document.hidden) return this.#hide();
    this.#release();
    this.#open();
  }

  #leave(): void {
    this.#release();
    this.#close();
  }

  /** Waits for its turn among the pages in the background, and then follows again from what it has seen. */
  #hide(): void {
    this.#leave();
    if (!this.#stays || !navigator.locks) return;
    const turn = new AbortController();
    const seen = new Promise<void>((resolve) => {
      this.#release = () => {
        turn.abort();
        resolve();
      };
    });
    const held = (): Promise<void> => {
      if (!turn.signal.aborted) this.#open();
      return seen;
    };
    navigator.locks.request(BACKGROUND, { signal: turn.signal }, held).catch(() => undefined);
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
      this.#turn();
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

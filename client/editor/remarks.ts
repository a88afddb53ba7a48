import { follow } from "../shared/channel";
import { CommandRefused, unreachable } from "../shared/commanding";
import { commandId } from "../shared/identifiers";
import type { Anchor } from "./anchors";
import type { Piece } from "./suggested";

/** A remark with its answers, as rendered by the server, and its anchor. */
export interface Thread extends Anchor {
  number: number;
  open: boolean;
  who: string;
  changes: Piece[];
  element: HTMLElement;
  /** A key that changes whenever something in it does. */
  look: string;
}

/** All remarks about the text, loaded again whenever the server announces new ones. */
export class Remarks {
  threads: Thread[] = [];
  /** Buttons for all suggestions of one person. */
  whole: HTMLElement | null = null;
  #listeners = new Set<() => void>();
  #asked = 0;

  #followed = false;

  /**
   * `live` is the address of the live channel, `since` the size of the record already seen; `pause` the milliseconds
   * over which readers are spread.
   */
  constructor(
    private readonly address: string,
    private readonly news: { live: string; since: string; pause: number },
  ) {}

  watch(listener: () => void): void {
    this.#listeners.add(listener);
  }

  async load(): Promise<void> {
    const asked = ++this.#asked;
    const answer = await fetch(this.#margin, { credentials: "same-origin" });
    if (answer.ok && asked === this.#asked) this.#take(await answer.text());
  }

  /** Loads again at every announcement about remarks. */
  follow(): void {
    if (this.#followed) return;
    this.#followed = true;
    const { live, since, pause } = this.news;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const take = (): void => {
      clearTimeout(timer);
      timer = setTimeout(() => void this.load().catch(() => undefined), Math.random() * pause);
    };
    follow(live, since, "remarques", { take }, false);
  }

  /** Sends a form of a thread or of the margin. Throws CommandRefused, or a TypeError when the server was not reached. */
  async send(fields: Record<string, string>): Promise<void> {
    const asked = ++this.#asked;
    const body = new URLSearchParams({ commande: commandId(), ...fields });
    const answer = await fetch(this.#margin, { method: "POST", body, credentials: "same-origin" });
    if (answer.ok) {
      const html = await answer.text();
      if (asked === this.#asked) this.#take(html);
      return;
    }
    const { code = "", message } = (await answer.json().catch(() => ({}))) as Record<string, string>;
    throw message ? new CommandRefused(code, message) : new TypeError(unreachable());
  }

  get #margin(): string {
    return `${this.address}?marge`;
  }

  #take(html: string): void {
    const drawn = new DOMParser().parseFromString(html, "text/html");
    this.whole = drawn.querySelector<HTMLElement>(".margin__whole");
    this.threads = [...drawn.querySelectorAll<HTMLElement>("[data-remark]")].map(threadOf);
    for (const listener of this.#listeners) listener();
  }
}

function threadOf(element: HTMLElement): Thread {
  const { remark, clause = "", quote = "", anchor = "", status, who = "", changes = "[]" } = element.dataset;
  return {
    number: Number(remark),
    open: status === "open",
    who,
    clause,
    quote,
    anchor,
    changes: JSON.parse(changes) as Piece[],
    element,
    look: element.innerHTML.replace(/name="commande" value="[^"]*"/g, ""),
  };
}

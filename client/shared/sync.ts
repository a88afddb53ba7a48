import * as decoding from "lib0/decoding";
import { IndexeddbPersistence } from "y-indexeddb";
import { readAuthMessage } from "y-protocols/auth";
import type { Awareness } from "y-protocols/awareness";
import { WebsocketProvider } from "y-websocket";
import * as Y from "yjs";

import { Acknowledgement } from "./acknowledgement";
import { Backoff } from "./backoff";
import { say } from "./language";
import { colourOf } from "./presence";
import { Route } from "./route";
import { judge, type Saving } from "./saving";
import { lastUnsent, markUnsent } from "./unsent";

const SYNC = 0;
const AWARENESS = 1;
const AUTH = 2;
const ACKNOWLEDGED = 7;
const TOO_FAST = 4429;
const ENDED = 4401;

/** Upper limit in milliseconds of the wait before reconnecting. */
const SLOWEST_RETRY = 10_000;

/** Milliseconds between requests of a read-only page: y-websocket drops a connection that is silent for 30 s. */
const SIGN_OF_LIFE = 20_000;

/** Milliseconds after which a hidden page gives up its connection by HTTP, as browsers allow six per site. */
const REST_AFTER = 30_000;

/**
 * Whether a page stored on this device may connect to the server: as it is, only after a reload, or no more for this
 * person.
 */
export type Standing = "current" | "outdated" | "ended";

/** The document and the person, from the data attributes of the island. */
export interface Place {
  document: string;
  /** Path of the synchronisation address, without the document. */
  sync: string;
  slug: string;
  person: string;
  name: string;
  readonly: boolean;
}

/** Why the server stores nothing more from this page. */
export interface Refusal {
  code: string;
  message: string;
}

export function placeOf(island: HTMLElement): Place {
  const { document = "", sync = "", slug = "", person = "", name = "" } = island.dataset;
  return { document, sync, slug, person, name, readonly: "readonly" in island.dataset || !person };
}

/** Name of the IndexedDB database that stores what the person typed into the document. */
export const databaseOf = ({ slug, document, person }: Place): string => `pleniere:${slug}:${document}:${person}`;

/**
 * The client's side of a shared document: what is typed is stored on this device, sent, and tracked until the server
 * confirms it.
 */
export class Session {
  readonly doc = new Y.Doc();
  readonly provider: WebsocketProvider;
  readonly writing: boolean;
  refusal: Refusal | null = null;
  kept = false;
  /** When the server last confirmed that everything is stored, and since when something waits: milliseconds since 1970. */
  confirmed: number | null = null;
  waiting: number | null = null;
  #acknowledgement = new Acknowledgement();
  #device: IndexeddbPersistence | null = null;
  #met = false;
  #ended = false;
  #held = false;
  /** State vector of what is known to be stored, on this device or on the server. */
  #safe: Uint8Array | undefined;
  #backoff = new Backoff(SLOWEST_RETRY);
  #route = new Route(() => this.#takeUp());
  #resting: ReturnType<typeof setTimeout> | undefined;
  #reconnecting: ReturnType<typeof setTimeout> | undefined;
  #listeners = new Set<() => void>();
  #beforeNews = (): void => undefined;

  /** `standing` is given for a page stored on this device: nothing is sent before it is known. */
  constructor(
    readonly place: Place,
    standing: Promise<Standing> | null = null,
  ) {
    this.writing = !place.readonly;
    if (this.writing) this.#keepOnDevice();
    this.provider = new WebsocketProvider(socketAddress(place.sync), place.document, this.doc, {
      params: { ack: "1" },
      disableBc: true,
      resyncInterval: this.writing ? -1 : SIGN_OF_LIFE,
      WebSocketPolyfill: countingSocket(this.#route, this.#acknowledgement, () => this.#changed()),
      shouldReconnect: (event) => event.code === TOO_FAST || event.code < 4400 || event.code >= 4500,
      connect: false,
    });
    this.#listen();
    if (this.writing) this.#introduce();
    else this.awareness.setLocalState(null);
    if (standing) void this.#wait(standing);
    else this.provider.connect();
  }

  async #wait(standing: Promise<Standing>): Promise<void> {
    this.#met = this.#held = true;
    const now = await standing;
    this.#held = false;
    if (now === "current") this.provider.connect();
    else if (now === "outdated") location.reload();
    else this.#endedBy(ENDED, "");
  }

  /** Whether something written here is not confirmed by the server yet. */
  get #unconfirmed(): boolean {
    return this.waiting !== null;
  }

  get awareness(): Awareness {
    return this.provider.awareness;
  }

  get saving(): Saving {
    return judge({
      writing: this.writing,
      connected: this.provider.wsconnected && navigator.onLine,
      met: this.#met,
      stored: this.#acknowledgement.stored,
      unconfirmed: this.#unconfirmed,
      refused: this.refusal !== null,
      ended: this.#ended,
    });
  }

  /** Calls the listener now and whenever the state of saving changes, until the function returned is called. */
  watch(listener: () => void): () => void {
    this.#listeners.add(listener);
    listener();
    return () => void this.#listeners.delete(listener);
  }

  /**
   * Calls `settle` before a remote change is applied, so that the person's own pending input on the page is handled
   * first.
   */
  beforeNews(settle: () => void): void {
    this.#beforeNews = settle;
  }

  /** Resolves when the server's document has arrived or, for writers, the copy stored on this device. */
  async ready(hasContent: () => boolean): Promise<void> {
    const server = new Promise<void>((resolve) => this.provider.once("sync", () => resolve()));
    const device = this.#device?.whenSynced.then(() => (hasContent() ? undefined : server));
    await Promise.race(device ? [server, device] : [server]);
  }

  /** Whether the server is reached by HTTP, because no WebSocket gets through. */
  get byHttp(): boolean {
    return this.provider.wsconnected && this.#route.byHttp;
  }

  get synced(): boolean {
    return this.provider.synced;
  }

  /** Deletes the copy on this device and loads the shared document again. */
  async forget(): Promise<void> {
    clearTimeout(this.#reconnecting);
    this.provider.destroy();
    await this.#device?.clearData();
    location.reload();
  }

  #keepOnDevice(): void {
    if (!("indexedDB" in globalThis)) return;
    this.#device = new IndexeddbPersistence(databaseOf(this.place), this.doc);
    addEventListener("leaving", () => void this.#device?.clearData());
    addEventListener("pagehide", () => this.#keepLast());
    void this.#device.whenSynced.then(() => {
      this.#safe = Y.encodeStateVector(this.doc);
      const last = lastUnsent(databaseOf(this.place));
      if (last) Y.applyUpdate(this.doc, last, this);
      this.kept = true;
      this.#changed();
    });
  }

  #introduce(): void {
    const { person, name } = this.place;
    this.awareness.setLocalStateField("user", { name, color: colourOf(person), person });
  }

  #listen(): void {
    const { provider } = this;
    for (const kind of [SYNC, AWARENESS]) {
      const handle = provider.messageHandlers[kind];
      provider.messageHandlers[kind] = (...message) => {
        this.#beforeNews();
        handle?.(...message);
      };
    }
    provider.messageHandlers[AUTH] = (_encoder, decoder) => {
      readAuthMessage(decoder, this.doc, (_doc, reason) => this.#refused(reason));
    };
    provider.messageHandlers[ACKNOWLEDGED] = (_encoder, decoder) => {
      this.#acknowledgement.acknowledged(decoding.readVarUint(decoder));
      if (this.#acknowledgement.stored) this.#confirm();
      this.#changed();
    };
    provider.on("status", ({ status }) => {
      this.#met ||= status === "connected";
      this.#changed();
    });
    provider.on("sync", (synced) => synced && this.#backoff.succeeded());
    provider.on("connection-close", (event) => {
      this.#met = true;
      if (event) this.#route.ended();
      // y-websocket's own retries come after the same time on every device.
      if (provider.shouldConnect) this.#connectLater();
      this.#changed();
    });
    provider.on("closed", ({ code, reason }) => this.#endedBy(code, reason));
    this.doc.on("update", (_update: Uint8Array, origin: unknown) => {
      if (origin === provider || origin === this.#device) return;
      if (!this.#unconfirmed) markUnsent(databaseOf(this.place), true);
      this.waiting ??= Date.now();
      this.#changed();
    });
    addEventListener("offline", () => this.#changed());
    addEventListener("online", () => this.#reconnect());
    document.addEventListener("visibilitychange", () => this.#rest());
    addEventListener("beforeunload", (event) => {
      if (this.writing && this.#unconfirmed && !this.kept) event.preventDefault();
    });
  }

  /** The page is being closed: stores the last keystrokes synchronously, which the database cannot do. */
  #keepLast(): void {
    if (this.#unconfirmed) markUnsent(databaseOf(this.place), true, Y.encodeStateAsUpdate(this.doc, this.#safe));
  }

  #confirm(): void {
    this.waiting = null;
    this.confirmed = Date.now();
    this.#safe = Y.encodeStateVector(this.doc);
    if (this.writing) markUnsent(databaseOf(this.place), false);
  }

  /** The device is online again, and perhaps all those of the hall at once. */
  #reconnect(): void {
    if (this.#ended || this.#held) return;
    this.provider.disconnect();
    this.#connectLater();
  }

  #connectLater(): void {
    this.provider.shouldConnect = false;
    clearTimeout(this.#reconnecting);
    this.#reconnecting = setTimeout(() => this.provider.connect(), this.#backoff.next());
  }

  /** Connects anew at once. */
  #takeUp(): void {
    if (this.#ended || this.#held) return;
    clearTimeout(this.#reconnecting);
    this.provider.disconnect();
    this.provider.connect();
  }

  #rest(): void {
    clearTimeout(this.#resting);
    if (!document.hidden) {
      if (!this.provider.shouldConnect && this.#route.byHttp) this.#takeUp();
      return;
    }
    this.#resting = setTimeout(() => {
      if (!this.#route.byHttp) return;
      if (this.#unconfirmed) this.#rest();
      else this.provider.disconnect();
    }, REST_AFTER);
  }

  #refused(reason: string): void {
    this.refusal = readRefusal(reason);
    this.#changed();
  }

  #endedBy(code: number, reason: string): void {
    this.#ended = true;
    clearTimeout(this.#reconnecting);
    this.refusal = { code: String(code), message: closing(code) || reason };
    this.#changed();
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }
}

export function readRefusal(reason: string): Refusal {
  try {
    const { code, message } = JSON.parse(reason) as Partial<Refusal>;
    if (typeof message === "string") return { code: String(code ?? ""), message };
  } catch {
    // An older or foreign server may send plain words.
  }
  return { code: "", message: reason || say("Le serveur a refusé cette écriture.", "The server refused this edit.") };
}

function closing(code: number): string {
  switch (code) {
    case ENDED:
      return say(
        "Votre accès a pris fin. Reconnectez-vous pour continuer.",
        "Your access has ended. Sign in again to go on.",
      );
    case 4403:
      return say("Ce document ne vous est pas ouvert.", "This document is not open to you.");
    case 4404:
      return say("Ce document n’existe pas.", "This document does not exist.");
    default:
      return say(
        "Le serveur a fermé la connexion. Rechargez la page ; votre texte reste sur cet appareil.",
        "The server closed the connection. Reload the page; your text stays on this device.",
      );
  }
}

const socketAddress = (path: string): string =>
  new URL(path, location.href).href.replace(/^http/, "ws").replace(/\/$/, "");

/**
 * Replaces the class WebSocket: connects by the method that works, and counts the frames that the server must confirm.
 */
function countingSocket(route: Route, acknowledgement: Acknowledgement, changed: () => void): typeof WebSocket {
  function Counting(address: string | URL): WebSocket {
    const socket = route.open(String(address));
    const send = socket.send.bind(socket);
    acknowledgement.opened();
    socket.send = (data) => {
      send(data);
      if (!(data instanceof Uint8Array)) return;
      acknowledgement.sent(data);
      changed();
    };
    return socket;
  }
  return Counting as unknown as typeof WebSocket;
}

import { HttpSocket } from "./httpsocket";

/** Failed attempts to open a WebSocket after which updates go by HTTP. */
const ENOUGH = 2;

/**
 * Milliseconds within which the first message of a WebSocket must come: some proxies accept the request and never
 * answer.
 */
const PATIENCE = 20_000;

/** Milliseconds between attempts to use a WebSocket again: the first wait, and the longest. */
const FIRST_LOOK = 30_000;
const SLOWEST_LOOK = 600_000;

const KEPT = "pleniere:par-http";

/**
 * How this page connects to the server: by WebSockets, or by HTTP if a proxy blocks them.
 *
 * Once a connection by HTTP has worked, that is remembered for this origin until the tab is closed. If HTTP fails too,
 * the network is down altogether, and WebSockets are tried again.
 */
export class Route {
  #failures = 0;
  #remembered = remembered();
  #stood = false;
  #wait = FIRST_LOOK;
  #looking: ReturnType<typeof setTimeout> | undefined;

  /** `widened` is called when a WebSocket works although HTTP is in use. */
  constructor(private readonly widened: () => void) {}

  /** Whether HTTP is used. */
  get byHttp(): boolean {
    return this.#remembered || this.#failures >= ENOUGH;
  }

  /** Opens a connection by the method that works or is to be tried; `address` is that of the WebSocket. */
  open(address: string): WebSocket {
    clearTimeout(this.#looking);
    this.#stood = false;
    return this.byHttp ? this.#byHttp(address) : this.#bySocket(address);
  }

  /** The last connection ended unexpectedly. */
  ended(): void {
    clearTimeout(this.#looking);
    if (this.#stood) return;
    if (this.byHttp) this.#remember(false);
    else if (navigator.onLine) this.#failures += 1;
  }

  #bySocket(address: string): WebSocket {
    const socket = new WebSocket(address);
    const patience = setTimeout(() => socket.close(), PATIENCE);
    socket.addEventListener("close", () => clearTimeout(patience));
    // A proxy may let the upgrade through and nothing after it.
    socket.addEventListener("message", () => {
      clearTimeout(patience);
      this.#stood = true;
      this.#failures = 0;
    });
    return socket;
  }

  #byHttp(address: string): WebSocket {
    const socket = new HttpSocket(address, () => {
      this.#stood = true;
      this.#remember(true);
      this.#lookLater(address);
    });
    return socket as Partial<WebSocket> as WebSocket;
  }

  #lookLater(address: string): void {
    clearTimeout(this.#looking);
    this.#looking = setTimeout(() => this.#look(address), this.#wait);
    this.#wait = Math.min(this.#wait * 2, SLOWEST_LOOK);
  }

  #look(address: string): void {
    const probe = new WebSocket(address);
    const patience = setTimeout(() => probe.close(), PATIENCE);
    let passes = false;
    probe.addEventListener("message", () => {
      passes = true;
      probe.close();
    });
    probe.addEventListener("close", () => {
      clearTimeout(patience);
      if (!passes) return this.#lookLater(address);
      this.#remember(false);
      this.widened();
    });
  }

  #remember(byHttp: boolean): void {
    this.#failures = 0;
    this.#remembered = byHttp;
    try {
      if (byHttp) sessionStorage.setItem(KEPT, "1");
      else sessionStorage.removeItem(KEPT);
    } catch {
      // Storage is not available: the next page finds out again.
    }
  }
}

function remembered(): boolean {
  try {
    return sessionStorage.getItem(KEPT) !== null;
  } catch {
    return false;
  }
}

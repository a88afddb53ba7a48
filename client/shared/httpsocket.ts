import { fromBase64 } from "lib0/buffer";
import * as encoding from "lib0/encoding";

/** Milliseconds within which a stream must begin: some proxies hold everything back until it ends. */
const PATIENCE = 10_000;

/** Milliseconds between requests, so that keystrokes are sent in groups. */
const GATHER = 50;

/** Bytes of one request, unless a single frame is larger. */
const MOST_BYTES = 256 * 1024;

const ABNORMAL = 1006;
const TOO_MANY_REQUESTS = 429;

/**
 * The part of the WebSocket interface that y-websocket uses, over HTTP: frames arrive as server-sent events and are
 * sent by requests.
 *
 * There is one request at a time, and each has a sequence number: frames arrive once and in order, or the connection
 * ends.
 */
export class HttpSocket {
  readonly CONNECTING = 0;
  readonly OPEN = 1;
  readonly CLOSING = 2;
  readonly CLOSED = 3;
  readyState: number = this.CONNECTING;
  binaryType: BinaryType = "arraybuffer";
  onopen: ((event: Event) => void) | null = null;
  onmessage: ((event: MessageEvent<ArrayBuffer>) => void) | null = null;
  onerror: ((event: Event) => void) | null = null;
  onclose: ((event: CloseEvent) => void) | null = null;
  #address: URL;
  #stream: EventSource;
  #connection = "";
  #number = 0;
  #outbox: Uint8Array[] = [];
  #sending: ReturnType<typeof setTimeout> | null = null;
  #patience: ReturnType<typeof setTimeout>;

  /** `address` is that of the WebSocket; `stood` is called once the connection is open. */
  constructor(
    address: string,
    private readonly stood: () => void,
  ) {
    this.#address = new URL(address.replace(/^ws/, "http"));
    this.#stream = new EventSource(this.#at("flux"));
    this.#patience = setTimeout(() => this.#end(ABNORMAL, ""), PATIENCE);
    this.#stream.addEventListener("connexion", ({ data }: MessageEvent<string>) => this.#opened(data));
    this.#stream.addEventListener("vie", () => this.#schedule());
    this.#stream.addEventListener("fin", ({ data }: MessageEvent<string>) => {
      const { code, reason } = JSON.parse(data) as { code: number; reason: string };
      this.#end(code, reason);
    });
    this.#stream.onmessage = ({ data }: MessageEvent<string>) => {
      this.onmessage?.(new MessageEvent("message", { data: fromBase64(data).slice().buffer }));
    };
    this.#stream.onerror = () => this.#end(ABNORMAL, "");
  }

  send(frame: Uint8Array): void {
    if (this.readyState !== this.OPEN) return;
    this.#outbox.push(frame);
    this.#schedule();
  }

  /** Like a WebSocket, reports asynchronously that it is closed. */
  close(): void {
    if (this.readyState === this.CLOSED) return;
    this.#stop();
    setTimeout(() => this.onclose?.(new CloseEvent("close", { code: 1000 })));
  }

  #opened(connection: string): void {
    if (this.readyState !== this.CONNECTING) return;
    clearTimeout(this.#patience);
    this.#connection = connection;
    this.readyState = this.OPEN;
    this.stood();
    this.onopen?.(new Event("open"));
  }

  #at(part: string): URL {
    const address = new URL(this.#address);
    address.pathname += `/${part}`;
    return address;
  }

  #schedule(after = GATHER): void {
    this.#sending ??= setTimeout(() => void this.#request(), after);
  }

  /**
   * Sends the waiting frames, or an empty request as a sign of life; frames that come meanwhile wait for the answer.
   */
  async #request(): Promise<void> {
    const frames = this.#take();
    const body = encoding.encode((encoder) => frames.forEach((each) => encoding.writeVarUint8Array(encoder, each)));
    let again = await this.#post(body);
    while (again > 0 && this.readyState === this.OPEN) {
      await new Promise((resolve) => setTimeout(resolve, again));
      again = await this.#post(body);
    }
    this.#number += 1;
    this.#sending = null;
    if (this.#outbox.length > 0 && this.readyState === this.OPEN) this.#schedule();
  }

  #take(): Uint8Array[] {
    let size = 0;
    const fitting = this.#outbox.findIndex((frame, rank) => (size += frame.length) > MOST_BYTES && rank > 0);
    return this.#outbox.splice(0, fitting < 0 ? this.#outbox.length : fitting);
  }

  /**
   * Sends a request; returns the milliseconds after which to send it again, 0 for never. Any other failure ends the
   * connection.
   */
  async #post(body: Uint8Array): Promise<number> {
    const address = this.#at("envoi");
    address.search = new URLSearchParams({ connexion: this.#connection, n: String(this.#number) }).toString();
    try {
      const answer = await fetch(address, { method: "POST", body: body as BufferSource });
      if (answer.status === TOO_MANY_REQUESTS) return 1000 * (Number(answer.headers.get("Retry-After")) || 1);
      if (!answer.ok) this.#end(ABNORMAL, "");
    } catch {
      this.#end(ABNORMAL, "");
    }
    return 0;
  }

  #end(code: number, reason: string): void {
    if (this.readyState === this.CLOSED) return;
    this.#stop();
    this.onclose?.(new CloseEvent("close", { code, reason }));
  }

  #stop(): void {
    this.readyState = this.CLOSED;
    clearTimeout(this.#patience);
    this.#stream.close();
    this.#outbox = [];
  }
}

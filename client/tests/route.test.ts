import { toBase64 } from "lib0/buffer";
import * as decoding from "lib0/decoding";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { HttpSocket } from "../shared/httpsocket";
import { Route } from "../shared/route";

const ADDRESS = "ws://localhost:3000/c/demo/sync/motion-1?ack=1";

/** A WebSocket that a test drives by hand. */
class Socket extends EventTarget {
  static opened: Socket[] = [];
  onclose = null;

  constructor(readonly address: string) {
    super();
    Socket.opened.push(this);
  }

  close(): void {
    this.dispatchEvent(new Event("close"));
  }

  speak(): void {
    this.dispatchEvent(new Event("message"));
  }
}

/** An EventSource that a test drives by hand. */
class Source extends EventTarget {
  static opened: Source[] = [];
  closed = false;
  onmessage: ((event: { data: string }) => void) | null = null;
  onerror: (() => void) | null = null;

  constructor(readonly address: URL) {
    super();
    Source.opened.push(this);
  }

  close(): void {
    this.closed = true;
  }

  tell(name: string, data: string): void {
    this.dispatchEvent(new MessageEvent(name, { data }));
  }
}

interface Sent {
  address: string;
  frames: number[][];
  answer: (status: number, headers?: Record<string, string>) => void;
}

let sent: Sent[] = [];

function framesOf(body: Uint8Array): number[][] {
  const decoder = decoding.createDecoder(body);
  const frames: number[][] = [];
  while (decoding.hasContent(decoder)) frames.push([...decoding.readVarUint8Array(decoder)]);
  return frames;
}

const latest = <T>(all: readonly T[]): T => all.at(-1) as T;
const settle = (): Promise<unknown> => vi.advanceTimersByTimeAsync(60);

beforeEach(() => {
  vi.useFakeTimers();
  sessionStorage.clear();
  [Socket.opened, Source.opened, sent] = [[], [], []];
  vi.stubGlobal("WebSocket", Socket);
  vi.stubGlobal("EventSource", Source);
  vi.stubGlobal(
    "fetch",
    (address: URL, { body }: { body: Uint8Array }) =>
      new Promise<Response>((resolve) => {
        const answer: Sent["answer"] = (status, headers = {}) => resolve(new Response(null, { status, headers }));
        sent.push({ address: address.pathname + address.search, frames: framesOf(body), answer });
      }),
  );
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

function failing(route: Route): void {
  route.open(ADDRESS);
  latest(Socket.opened).close();
  route.ended();
}

/** A page whose WebSockets fail and that stands by HTTP. */
function narrowed(widened = (): void => undefined): Route {
  const route = new Route(widened);
  failing(route);
  failing(route);
  route.open(ADDRESS);
  latest(Source.opened).tell("connexion", "n.abc");
  return route;
}

test("two WebSockets that fail lead to HTTP, which is remembered for other pages", () => {
  const route = new Route(() => undefined);
  failing(route);
  expect(route.byHttp).toBe(false);
  failing(route);
  expect(route.byHttp).toBe(true);
  expect(new Route(() => undefined).byHttp).toBe(false);
  route.open(ADDRESS);
  expect(latest(Source.opened).address.href).toBe("http://localhost:3000/c/demo/sync/motion-1/flux?ack=1");
  latest(Source.opened).tell("connexion", "n.abc");
  expect(new Route(() => undefined).byHttp).toBe(true);
  route.ended();
  expect(route.byHttp).toBe(true);
});

test("where HTTP fails as well the network is down, and WebSockets come first again", () => {
  const route = new Route(() => undefined);
  failing(route);
  failing(route);
  route.open(ADDRESS);
  route.ended();
  expect(route.byHttp).toBe(false);
  expect(new Route(() => undefined).byHttp).toBe(false);
});

test("a WebSocket that spoke did not fail, and a device without a network says nothing about proxies", () => {
  const route = new Route(() => undefined);
  failing(route);
  route.open(ADDRESS);
  latest(Socket.opened).speak();
  route.ended();
  failing(route);
  expect(route.byHttp).toBe(false);
  vi.spyOn(navigator, "onLine", "get").mockReturnValue(false);
  failing(route);
  expect(route.byHttp).toBe(false);
});

test("a WebSocket that says nothing is given up", async () => {
  const route = new Route(() => undefined);
  const closed = vi.fn();
  route.open(ADDRESS).addEventListener("close", closed);
  await vi.advanceTimersByTimeAsync(20_000);
  expect(closed).toHaveBeenCalled();
});

test("WebSockets are tried again now and then, and taken up once one gets through", async () => {
  const widened = vi.fn();
  const route = narrowed(widened);
  await vi.advanceTimersByTimeAsync(30_000);
  expect(Socket.opened).toHaveLength(3);
  latest(Socket.opened).close();
  await vi.advanceTimersByTimeAsync(59_000);
  expect(Socket.opened).toHaveLength(3);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(widened).not.toHaveBeenCalled();
  latest(Socket.opened).speak();
  expect(widened).toHaveBeenCalledOnce();
  expect(route.byHttp).toBe(false);
  expect(new Route(() => undefined).byHttp).toBe(false);
});

function connected(): { socket: HttpSocket; source: Source; closed: ReturnType<typeof vi.fn> } {
  const socket = new HttpSocket(ADDRESS, () => undefined);
  const closed = vi.fn();
  socket.onclose = closed;
  latest(Source.opened).tell("connexion", "n.abc");
  return { socket, source: latest(Source.opened), closed };
}

test("frames go in order, one request at a time, numbered; what comes meanwhile goes together", async () => {
  const { socket } = connected();
  socket.send(new Uint8Array([1]));
  socket.send(new Uint8Array([2, 2]));
  await settle();
  socket.send(new Uint8Array([3]));
  await settle();
  socket.send(new Uint8Array([4]));
  await settle();
  expect(sent.map(({ address, frames }) => [address, frames])).toEqual([
    ["/c/demo/sync/motion-1/envoi?connexion=n.abc&n=0", [[1], [2, 2]]],
  ]);
  latest(sent).answer(204);
  await settle();
  expect([latest(sent).address, latest(sent).frames]).toEqual([
    "/c/demo/sync/motion-1/envoi?connexion=n.abc&n=1",
    [[3], [4]],
  ]);
});

test("a large frame goes alone", async () => {
  const { socket } = connected();
  for (const size of [300_000, 1, 2]) socket.send(new Uint8Array(size));
  await settle();
  expect(latest(sent).frames.map(({ length }) => length)).toEqual([300_000]);
  latest(sent).answer(204);
  await settle();
  expect(latest(sent).frames.map(({ length }) => length)).toEqual([1, 2]);
});

test("what was too much for now is sent again under the same number", async () => {
  const { socket, closed } = connected();
  socket.send(new Uint8Array([1]));
  await settle();
  latest(sent).answer(429, { "Retry-After": "3" });
  await vi.advanceTimersByTimeAsync(3_000);
  expect(sent.map(({ address, frames }) => [address.slice(-3), frames])).toEqual([
    ["n=0", [[1]]],
    ["n=0", [[1]]],
  ]);
  expect(closed).not.toHaveBeenCalled();
});

test("frames come as a WebSocket brings them, and a sign of life is given when asked for", async () => {
  const { socket, source } = connected();
  const heard: number[][] = [];
  socket.onmessage = ({ data }) => void heard.push([...new Uint8Array(data)]);
  source.onmessage?.({ data: toBase64(new Uint8Array([0, 1, 255])) });
  expect(heard).toEqual([[0, 1, 255]]);
  source.tell("vie", "1");
  await settle();
  expect(latest(sent).frames).toEqual([]);
});

test.each([
  ["the server ends it", (source: Source): void => source.tell("fin", '{"code":4401,"reason":"fin"}'), 4401],
  ["the stream breaks", (source: Source): void => source.onerror?.(), 1006],
])("%s: it is closed once, and nothing is sent any more", async (_name, end, code) => {
  const { socket, source, closed } = connected();
  end(source);
  source.onerror?.();
  socket.send(new Uint8Array([1]));
  await settle();
  expect(closed.mock.calls.map(([event]) => (event as CloseEvent).code)).toEqual([code]);
  expect([source.closed, socket.readyState, sent]).toEqual([true, socket.CLOSED, []]);
});

test("a request that the server does not know what to do with ends the connection", async () => {
  const { socket, closed } = connected();
  socket.send(new Uint8Array([1]));
  await settle();
  latest(sent).answer(404);
  await settle();
  expect(closed).toHaveBeenCalledOnce();
});

test("a stream that is held back is given up", async () => {
  const socket = new HttpSocket(ADDRESS, () => undefined);
  const closed = vi.fn();
  socket.onclose = closed;
  await vi.advanceTimersByTimeAsync(10_000);
  expect(closed).toHaveBeenCalledOnce();
});

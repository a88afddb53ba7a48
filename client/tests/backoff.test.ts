import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { Backoff } from "../shared/backoff";
import { Session, type Place } from "../shared/sync";
import { seeded } from "./motion";

test("waits lie between a little and a ceiling that doubles up to the slowest, and begin anew after a success", () => {
  const low = new Backoff(10_000, () => 0);
  const high = new Backoff(10_000, () => 1);
  expect([1, 2, 3, 4, 5].map(() => low.next())).toEqual([200, 200, 200, 200, 200]);
  expect([1, 2, 3, 4, 5].map(() => high.next())).toEqual([2000, 4000, 8000, 10_000, 10_000]);
  high.succeeded();
  expect(high.next()).toBe(2000);
});

test("a thousand that were cut at once come back spread out: no tenth of a second has more than a tenth of them", () => {
  const random = seeded(1);
  const waits = Array.from({ length: 1000 }, () => new Backoff(10_000, random).next());
  const tenths = waits.reduce((sum, wait) => {
    const tenth = Math.floor(wait / 100);
    return sum.set(tenth, (sum.get(tenth) ?? 0) + 1);
  }, new Map<number, number>());
  expect(Math.max(...tenths.values())).toBeLessThan(100);
});

/** A WebSocket that a test drives by hand. */
class Socket extends EventTarget {
  static opened: Socket[] = [];
  readyState = 0;
  onclose: ((event: { code: number; reason: string }) => void) | null = null;
  onopen: (() => void) | null = null;

  constructor(readonly address: string) {
    super();
    Socket.opened.push(this);
  }

  send(): void {}

  close(): void {}

  /** The server or the network cuts the line, after something had come through it. */
  cut(code = 1006): void {
    this.dispatchEvent(new Event("message"));
    this.dispatchEvent(new Event("close"));
    this.onclose?.({ code, reason: "" });
  }
}

const PLACE: Place = { document: "motion-1", sync: "/c/demo/sync", slug: "demo", person: "", name: "", readonly: true };

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("WebSocket", Socket);
  Socket.opened = [];
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

test("a session that was cut connects again after its own wait, and not when it has ended", () => {
  vi.spyOn(Math, "random").mockReturnValue(0.5);
  const session = new Session(PLACE);
  const tried = (): number => Socket.opened.length;
  expect(tried()).toBe(1);
  Socket.opened[0]?.cut();
  vi.advanceTimersByTime(1099);
  expect(tried()).toBe(1);
  vi.advanceTimersByTime(1);
  expect(tried()).toBe(2);
  Socket.opened[1]?.cut();
  vi.advanceTimersByTime(2099);
  expect(tried()).toBe(2);
  vi.advanceTimersByTime(1);
  expect(tried()).toBe(3);
  Socket.opened[2]?.cut(4403);
  vi.advanceTimersByTime(60_000);
  expect(tried()).toBe(3);
  session.provider.destroy();
});

test("a session does not come at once when the network of the hall is back", () => {
  vi.spyOn(Math, "random").mockReturnValue(0.5);
  const session = new Session(PLACE);
  dispatchEvent(new Event("online"));
  expect(Socket.opened).toHaveLength(1);
  vi.advanceTimersByTime(1100);
  expect(Socket.opened).toHaveLength(2);
  session.provider.destroy();
});

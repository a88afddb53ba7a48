import { afterEach, beforeEach, expect, test, vi } from "vitest";

/** An EventSource that a test drives by hand. */
class Source {
  static readonly CLOSED = 2;
  static opened: Source[] = [];
  readyState = 0;
  onopen: (() => void) | null = null;
  onerror: (() => void) | null = null;
  onmessage: ((event: { data: string; lastEventId: string }) => void) | null = null;

  constructor(readonly address: URL) {
    Source.opened.push(this);
  }

  close(): void {
    this.readyState = Source.CLOSED;
  }

  tell(seq: number, html: string): void {
    this.onmessage?.({ data: JSON.stringify({ seq, topic: "scrutin-1", html }), lastEventId: String(seq) });
  }

  fail(closed = false): void {
    this.readyState = closed ? Source.CLOSED : 0;
    this.onerror?.();
  }
}

const last = (): Source => Source.opened.at(-1) as Source;
const part = (): HTMLElement => document.querySelector<HTMLElement>("[data-live]") as HTMLElement;
const lost = (): boolean => document.querySelector<HTMLElement>(".live-lost")?.hidden === false;

beforeEach(async () => {
  vi.useFakeTimers();
  vi.stubGlobal("EventSource", Source);
  vi.resetModules();
  Source.opened = [];
  document.body.innerHTML = `<main data-live-source="/c/demo/direct" data-live-from="7"><div data-live="scrutin-1"><p>avant</p></div></main>`;
  await import("../islands/live");
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("asks for the topics of the page from where it was rendered", () => {
  expect(last().address.pathname + last().address.search).toBe("/c/demo/direct?sujets=scrutin-1&depuis=7");
});

test("shows what comes, keeps the focus and what is unfolded", () => {
  last().tell(8, "<button>a</button><details><summary>b</summary></details>");
  part().querySelector("button")?.focus();
  part().querySelector("details")?.setAttribute("open", "");
  last().tell(9, "<button>c</button><details><summary>d</summary></details>");
  expect(document.activeElement?.textContent).toBe("c");
  expect(part().querySelector("details")?.open).toBe(true);
});

test("waits while somebody is typing in the part", () => {
  last().tell(8, "<input>");
  part().querySelector("input")?.focus();
  last().tell(9, "<p>plus tard</p>");
  expect(part().textContent).toBe("");
  (document.activeElement as HTMLElement).blur();
  vi.runOnlyPendingTimers();
  expect(part().textContent).toBe("plus tard");
});

test("says that the connection is lost though the browser tries again and again, and is silent when it is back", () => {
  last().onopen?.();
  for (let seconds = 0; seconds < 9; seconds += 3) {
    last().fail();
    vi.advanceTimersByTime(3000);
  }
  expect(lost()).toBe(true);
  last().onopen?.();
  expect(lost()).toBe(false);
});

test("opens another channel where the browser gives up, from the last news seen", () => {
  last().tell(12, "<p>douze</p>");
  last().fail(true);
  vi.advanceTimersByTime(2500);
  expect(Source.opened).toHaveLength(2);
  expect(last().address.searchParams.get("depuis")).toBe("12");
});

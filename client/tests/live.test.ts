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

test("shows what comes, keeps the focus and what is unfolded, wherever it now stands", () => {
  last().tell(8, "<button>a</button><details><summary>Clore n° 1</summary></details>");
  part().querySelector("button")?.focus();
  part().querySelector("details")?.setAttribute("open", "");
  last().tell(9, "<details><summary>Appeler</summary></details><details><summary>Clore n° 1</summary></details><button>b</button><button>a</button>");
  expect(document.activeElement?.textContent).toBe("a");
  expect([...part().querySelectorAll("details")].map(({ open }) => open)).toEqual([false, true]);
});

test("keeps what is typed and chosen in a form of the part, under what it is about", () => {
  const form = (n: number): string =>
    `<form action="/x"><input type="hidden" name="amendment" value="${n}"><input type="hidden" name="commande" value="${Math.random()}">` +
    `<textarea name="reason"></textarea><select name="after"><option>1<option>2</select><input type="checkbox" name="late" value="1"></form>`;
  last().tell(8, form(3));
  const [reason, after, late] = ["textarea", "select", "[type=checkbox]"].map((one) => part().querySelector(one));
  (reason as HTMLTextAreaElement).value = "Hors du sujet";
  (after as HTMLSelectElement).value = "2";
  (late as HTMLInputElement).checked = true;
  last().tell(9, form(2) + form(3));
  const kept = [...part().querySelectorAll("form")].map((one) => [
    one.querySelector("textarea")?.value,
    one.querySelector("select")?.value,
    one.querySelector<HTMLInputElement>("[type=checkbox]")?.checked,
  ]);
  expect(kept).toEqual([["", "1", false], ["Hors du sujet", "2", true]]);
});

test("asks again for a person's own part whose answer was lost", async () => {
  part().dataset["liveAddress"] = "/c/demo/seance/conduite";
  const answers = [Promise.reject(new Error("lost")), Promise.resolve({ ok: false }), Promise.resolve({ ok: true, text: async () => "<p>la barre</p>" })];
  vi.stubGlobal("fetch", () => answers.shift());
  last().tell(8, "");
  await vi.advanceTimersByTimeAsync(2000);
  expect(part().textContent).toBe("la barre");
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

test("has one channel for all that a page follows, from the oldest of what it shows", async () => {
  const { follow } = await import("../shared/channel");
  const told: string[] = [];
  const part = { take: (html: string) => void told.push(html) };
  follow("/c/demo/direct", "5", "remarques", part, false);
  follow("/c/demo/direct", "6", "motion-1", part, false);
  await Promise.resolve();
  expect(Source.opened.map(({ readyState }) => readyState)).toEqual([Source.CLOSED, 0]);
  expect(last().address.search).toBe("?sujets=scrutin-1%2Cremarques%2Cmotion-1&depuis=5");
  last().onmessage?.({ data: JSON.stringify({ seq: 8, topic: "motion-1", html: "huit" }), lastEventId: "8" });
  expect(told).toEqual(["huit"]);
});

test("in the background, whoever votes follows in one page at a time, and others in none", async () => {
  const holders: (() => void)[] = [];
  const request = vi.fn((_name: string, _options: object, held: () => void) => {
    holders.push(held);
    return Promise.resolve();
  });
  vi.stubGlobal("navigator", Object.assign(Object.create(navigator), { locks: { request } }));
  const hide = (hidden: boolean): void => {
    vi.spyOn(document, "hidden", "get").mockReturnValue(hidden);
    document.dispatchEvent(new Event("visibilitychange"));
  };
  hide(true);
  expect([last().readyState, request.mock.calls.length]).toEqual([Source.CLOSED, 0]);
  hide(false);

  vi.resetModules();
  document.body.innerHTML = `<div data-island="line"><div data-live="ligne"></div><a class="button" href="/voter" hidden>Voter</a><p role="status"></p></div><main data-live-source="/c/demo/direct" data-live-from="7"></main>`;
  await import("../islands/live");
  await Promise.resolve();
  const followed = Source.opened.length;
  hide(true);
  expect([last().readyState, Source.opened.length]).toEqual([Source.CLOSED, followed]);
  holders.at(-1)?.();
  expect([last().readyState, Source.opened.length]).toEqual([0, followed + 1]);
  vi.restoreAllMocks();
});

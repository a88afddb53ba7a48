import { afterEach, expect, test, vi } from "vitest";

import { LiveLine } from "../shared/liveline";
import { VoteAlert, offerAlerts, wishOf } from "../shared/votealert";

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

const happening = (ballots: string, said: string, count = ""): string =>
  `<p class="happening" data-ballots="${ballots}"><span class="told"><a href="/x">${said}</a></span><span class="count">${count}</span></p>`;

/** The line on a page; without data about the person's votes for those who do not vote. */
function lineOf(votes: Record<string, string> | null, first = "", alert: VoteAlert | null = null): { line: HTMLElement; take: (html: string) => void } {
  const line = document.createElement("div");
  line.innerHTML = `<div data-live="ligne">${first}</div>${votes ? `<a class="button" href="/voter" hidden>Voter</a>` : ""}<p role="status"></p>`;
  Object.assign(line.dataset, votes ?? {});
  const live = new LiveLine(line, line.querySelector("[data-live]") as HTMLElement, alert);
  return { line, take: (html) => live.take(html) };
}
const offers = (line: HTMLElement): boolean => line.querySelector<HTMLElement>("a.button")?.hidden === false;
const status = (line: HTMLElement): string => line.querySelector("[role=status]")?.textContent ?? "";

test("offers a vote that opens to those of its college, and says so", () => {
  const { line, take } = lineOf({ due: "", colleges: "0 2", known: "4" });
  take(happening("5:0 ", "Vote ouvert · n° 12"));
  expect([offers(line), status(line)]).toEqual([true, "Vote ouvert · n° 12. Voter"]);
  take(happening("6:3 ", "Vote ouvert · n° 13"));
  expect([offers(line), status(line)]).toEqual([false, "Vote ouvert · n° 13"]);
  take(happening("7:2 ", "Vote ouvert · n° 14"));
  expect(offers(line)).toBe(true);
});

test("offers a known vote only where a ballot is missing, and none while it is paused", () => {
  const { line, take } = lineOf({ due: "4", colleges: "0", known: "4" });
  take(happening("3:0 4:0 ", "2 votes ouverts"));
  expect(offers(line)).toBe(true);
  take(happening("3:0 ", "Vote ouvert"));
  expect(offers(line)).toBe(false);
  take(happening("", "Vote suspendu"));
  expect(offers(line)).toBe(false);
});

test("never offers a vote to those who have none", () => {
  const { line, take } = lineOf(null);
  take(happening("5:0 ", "Vote ouvert"));
  expect([line.querySelector("a.button"), status(line)]).toEqual([null, "Vote ouvert"]);
});

test("says nothing of each ballot that is counted, nor of what the page already said", () => {
  const { line, take } = lineOf(null, happening("5:0 ", "Vote ouvert", "1 votant"));
  take(happening("5:0 ", "Vote ouvert", "2 votants"));
  expect([status(line), line.querySelector(".count")?.textContent]).toEqual(["", "2 votants"]);
  take("");
  take(happening("6:0 ", "Vote ouvert", "1 votant"));
  expect(status(line)).toBe("Vote ouvert");
});

/** Says whether the page is in the background. */
function hide(hidden: boolean): void {
  vi.spyOn(document, "hidden", "get").mockReturnValue(hidden);
  document.dispatchEvent(new Event("visibilitychange"));
}

/** The notifications that a browser shows; it allows them from the first request on. */
class Shown {
  static permission = "default";
  static all: Shown[] = [];
  static requestPermission = (): Promise<string> => Promise.resolve((Shown.permission = "granted"));
  onclick: (() => void) | null = null;
  open = true;
  constructor(readonly title: string) {
    Shown.all.push(this);
  }
  close(): void {
    this.open = false;
  }
}

const MENU = `<button data-island="vote-alerts" data-address="/c/demo/voter" aria-describedby="etat" hidden>M’avertir</button><p id="etat"></p>`;

test("a page in the background tells of a vote by its title, by a notification once asked for, and no more once it is seen", async () => {
  vi.stubGlobal("Notification", Shown);
  document.body.innerHTML = MENU;
  document.title = "Registre";
  const wish = wishOf("demo:p1");
  const button = document.querySelector("button") as HTMLButtonElement;
  offerAlerts(button, wish);
  const { take } = lineOf({ due: "", colleges: "0", known: "4" }, "", new VoteAlert("/c/demo/voter", wish));

  hide(true);
  take(happening("5:0 ", "Vote ouvert · n° 12"));
  expect([document.title, Shown.all.length]).toEqual(["Vote ouvert · n° 12 — Registre", 0]);
  take("");
  expect(document.title).toBe("Registre");

  hide(false);
  take(happening("6:0 ", "Vote ouvert · n° 13"));
  expect(document.title).toBe("Registre");
  button.click();
  await vi.waitFor(() => expect(button.getAttribute("aria-pressed")).toBe("true"));
  expect([wishOf("demo:p1").value, wishOf("demo:p2").value, document.getElementById("etat")?.textContent]).toEqual([
    true,
    false,
    "Activé sur cet appareil.",
  ]);

  hide(true);
  take(happening("6:0 ", "Vote ouvert · n° 13", "2 votants"));
  expect(document.title).toBe("Registre");
  take(happening("6:0 7:3 8:0 ", "3 votes ouverts"));
  expect([document.title, Shown.all.at(-1)?.title]).toEqual(["3 votes ouverts — Registre", "3 votes ouverts"]);
  hide(false);
  expect([document.title, Shown.all.at(-1)?.open]).toEqual(["Registre", false]);
});

import { expect, test } from "vitest";

import { LiveLine } from "../shared/liveline";

const happening = (ballots: string, said: string, count = ""): string =>
  `<p class="happening" data-ballots="${ballots}"><span class="told"><a href="/x">${said}</a></span><span class="count">${count}</span></p>`;

/** The line on a page; without data about the person's votes for those who do not vote. */
function lineOf(votes: Record<string, string> | null, first = ""): { line: HTMLElement; take: (html: string) => void } {
  const line = document.createElement("div");
  line.innerHTML = `<div data-live="ligne">${first}</div>${votes ? `<a class="button" href="/voter" hidden>Voter</a>` : ""}<p role="status"></p>`;
  Object.assign(line.dataset, votes ?? {});
  const live = new LiveLine(line, line.querySelector("[data-live]") as HTMLElement);
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

import { afterEach, expect, test, vi } from "vitest";

import { sentence } from "../amend/sentence";

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function form(): HTMLFormElement {
  document.body.innerHTML = `<form method="post" action="/c/essai/amendements">
    <input name="cible" value="rewrite:k1"><textarea name="text">six jours</textarea></form>`;
  return document.querySelector("form") as HTMLFormElement;
}

test("the sentence is asked once for a burst of changes, with what the form says", async () => {
  vi.useFakeTimers();
  const asked = vi.fn((_: string, options: { body: URLSearchParams }) => {
    return Promise.resolve(new Response(`Demande 1, ${options.body.get("text")}`));
  });
  vi.stubGlobal("fetch", asked);
  const told = sentence(form());
  expect(told.element.hidden).toBe(true);
  told.update();
  told.update();
  await vi.advanceTimersByTimeAsync(600);
  expect(asked).toHaveBeenCalledTimes(1);
  const body = asked.mock.calls[0]?.[1].body as URLSearchParams;
  expect([body.get("cible"), body.get("etape")]).toEqual(["rewrite:k1", "dispositif"]);
  expect(told.element.hidden).toBe(false);
  expect(told.element.textContent).toContain("Demande 1, six jours");
});

test("nothing is shown where there is no sentence or no network", async () => {
  vi.useFakeTimers();
  vi.stubGlobal("fetch", () => Promise.reject(new TypeError("offline")));
  const told = sentence(form());
  told.update();
  await vi.advanceTimersByTimeAsync(600);
  expect(told.element.hidden).toBe(true);
});

test("an answer that a later question overtook is not shown", async () => {
  vi.useFakeTimers();
  const answers: ((said: Response) => void)[] = [];
  vi.stubGlobal("fetch", () => new Promise<Response>((resolve) => answers.push(resolve)));
  const told = sentence(form());
  told.update();
  await vi.advanceTimersByTimeAsync(600);
  told.update();
  await vi.advanceTimersByTimeAsync(600);
  answers[1]?.(new Response("later"));
  await vi.advanceTimersByTimeAsync(0);
  answers[0]?.(new Response("earlier"));
  await vi.advanceTimersByTimeAsync(0);
  expect(told.element.textContent).toContain("later");
});

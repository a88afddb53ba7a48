import { beforeEach, expect, test } from "vitest";
import { QueueKeys } from "../organisation/queuekeys";

const pressed: string[] = [];

function item(name: string): string {
  return `<article class="queue-item" id="${name}" tabindex="-1">
    <button type="button" data-key="o" id="oui-${name}">Publier</button><input name="reason" id="raison-${name}"></article>`;
}

function press(key: string, more: KeyboardEventInit = {}): void {
  const target = document.activeElement ?? document.body;
  target.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...more }));
}

document.body.innerHTML = `<p data-keys hidden></p><div data-island="queue">${item("a")}${item("b")}</div>`;
new QueueKeys(document.querySelector<HTMLElement>("[data-island=queue]")!).listen();
document.addEventListener("click", (event) => pressed.push((event.target as Element).id));

beforeEach(() => {
  pressed.length = 0;
  location.hash = "";
  (document.activeElement as HTMLElement | null)?.blur();
});

test("j and k go through the queue and stop at its ends", () => {
  const seen = ["j", "j", "j", "k", "k"].map((key) => (press(key), document.activeElement?.id));
  expect(seen).toEqual(["a", "b", "b", "a", "a"]);
});

test("o agrees to the item at hand, and to nothing before one is", () => {
  press("o");
  expect(pressed).toEqual([]);
  press("j");
  press("j");
  press("o");
  expect(pressed).toEqual(["oui-b"]);
});

test("the item that the address names is at hand", () => {
  location.hash = "#b";
  press("o");
  expect(pressed).toEqual(["oui-b"]);
});

test("n goes to the reason, where letters are letters", () => {
  press("j");
  press("n");
  expect(document.activeElement?.id).toBe("raison-a");
  press("o");
  press("j");
  expect(document.activeElement?.id).toBe("raison-a");
  expect(pressed).toEqual([]);
});

test("keys with Ctrl are the browser's", () => {
  press("j", { ctrlKey: true });
  expect(document.activeElement).toBe(document.body);
});

test("the keys are told", () => {
  expect(document.querySelector("[data-keys]")?.hasAttribute("hidden")).toBe(false);
});

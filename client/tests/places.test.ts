import { beforeEach, expect, test, vi } from "vitest";

import { facts, type Place, PlaceField } from "../shared/places";

const place = (label: string, more: Partial<Place> = {}): Place => ({
  code: "25001",
  label,
  kind: "village",
  population: 300,
  department: "25",
  department_name: "Doubs",
  former: "",
  ...more,
});
const FOUND = [place("Sainte-Colombe (25)", { code: "25515" }), place("Doubs (département)", { kind: "departement" })];

let field: HTMLInputElement;
let asked: string[];

function list(): HTMLElement {
  return document.querySelector<HTMLElement>("[role=listbox]")!;
}

function press(key: string): boolean {
  return field.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
}

async function type(words: string): Promise<void> {
  field.value = words;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  await vi.runAllTimersAsync();
}

Element.prototype.scrollIntoView = () => undefined; // jsdom has none

beforeEach(() => {
  vi.useFakeTimers();
  document.body.innerHTML = `<form><input id="commune" name="commune"></form>`;
  field = document.querySelector("input")!;
  asked = [];
  new PlaceField(field, async (words) => {
    asked.push(words);
    return words.startsWith("xx") ? [] : FOUND;
  });
  field.focus();
});

test("suggestions open under the field, which says so", async () => {
  await type("ste");
  expect(asked).toEqual(["ste"]);
  expect(field.getAttribute("aria-expanded")).toBe("true");
  expect(field.getAttribute("aria-controls")).toBe(list().id);
  expect([...list().children].map((option) => option.firstChild?.textContent)).toEqual(FOUND.map((x) => x.label));
  expect(document.querySelector("[role=status]")?.textContent).toBe("2 lieux proposés");
});

test("arrows mark, Enter takes, and the form is not sent by it", async () => {
  const inputs = vi.fn();
  await type("ste");
  field.addEventListener("input", inputs);
  press("ArrowDown");
  press("ArrowDown");
  expect(field.getAttribute("aria-activedescendant")).toBe(list().children[1]?.id);
  press("ArrowUp");
  expect(list().children[0]?.getAttribute("aria-selected")).toBe("true");
  expect(press("Enter")).toBe(false);
  expect([field.value, list().hidden, field.getAttribute("aria-expanded")]).toEqual([FOUND[0]?.label, true, "false"]);
  await vi.runAllTimersAsync();
  expect(asked).toEqual(["ste"]);
  expect(inputs).toHaveBeenCalledTimes(1);
});

test("without a marked place Enter sends what was typed", async () => {
  await type("ste");
  expect(press("Enter")).toBe(true);
  expect(field.value).toBe("ste");
});

test("Escape closes, and the words stay", async () => {
  await type("ste");
  expect(press("Escape")).toBe(false);
  expect([field.value, list().hidden]).toEqual(["ste", true]);
  expect(press("Escape")).toBe(true);
});

test("a press takes a place", async () => {
  await type("doubs");
  (list().children[1] as HTMLElement).click();
  expect(field.value).toBe("Doubs (département)");
});

test("one letter asks nobody, and nothing found is said", async () => {
  await type("s");
  expect(asked).toEqual([]);
  await type("xxx");
  expect([list().hidden, document.querySelector("[role=status]")?.textContent]).toEqual([true, "Aucun lieu proposé"]);
});

test("an answer that comes late, after other words, is not shown", async () => {
  const answers = new Map<string, (found: Place[]) => void>();
  document.body.innerHTML = `<form><input id="commune" name="commune"></form>`;
  field = document.querySelector("input")!;
  new PlaceField(field, (words) => new Promise((resolve) => answers.set(words, resolve)));
  field.focus();
  await type("ste");
  await type("doubs");
  answers.get("doubs")?.([FOUND[1]!]);
  answers.get("ste")?.([FOUND[0]!]);
  await vi.runAllTimersAsync();
  expect([...list().children].map((option) => option.firstChild?.textContent)).toEqual(["Doubs (département)"]);
});

test("facts tell places apart", () => {
  expect(facts(FOUND[0]!)).toBe("Doubs · 300 hab.");
  expect(facts(place("Doubs (département)", { kind: "departement", population: 0, code: "25" }))).toBe("département");
  expect(facts(place("Belgique (pays)", { kind: "pays", population: 0, department_name: "" }))).toBe("pays étranger");
  expect(facts(place("B (49)", { former: "A" }))).toBe("anciennement A · Doubs · 300 hab.");
});

test("the list stays while what stands below it is pressed, and closes afterwards", async () => {
  await type("ste");
  document.dispatchEvent(new Event("pointerdown"));
  field.blur();
  await vi.runAllTimersAsync();
  expect(list().hidden).toBe(false);
  document.dispatchEvent(new Event("pointerup"));
  expect(list().hidden).toBe(false);
  await vi.runAllTimersAsync();
  expect(list().hidden).toBe(true);
});

test("leaving the field by the keyboard closes the list", async () => {
  await type("ste");
  field.blur();
  await vi.runAllTimersAsync();
  expect(list().hidden).toBe(true);
});

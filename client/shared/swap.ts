/**
 * Replaces a part of the page by newer HTML and preserves the person's state in it: unfolded parts, typed and chosen
 * values, focus. Elements are matched by what they are about, never by position.
 */

type Field = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

const FIELDS = "input:not([type=hidden], [type=submit], [type=file], [type=password]), textarea, select";
const FOCUSABLE = "a[href], button, input, select, textarea, summary, [tabindex]";
/** Hidden fields that change at each rendering, such as the id of the command that a form will send. */
const PASSING = new Set(["commande", "vu"]);

export function swap(place: HTMLElement, html: string): void {
  const focused = place.contains(document.activeElement) ? (document.activeElement as HTMLElement) : null;
  const found = focused && keyed(place, FOCUSABLE, focusKey).find(([, one]) => one === focused)?.[0];
  const opened = new Map(keyed(place, "details", summaryOf).map(([key, one]) => [key, (one as HTMLDetailsElement).open]));
  const typed = new Map(keyed(place, FIELDS, fieldKey).flatMap(([key, one]) => (isTouched(one as Field) ? [[key, one as Field]] : [])));
  place.innerHTML = html;
  for (const [key, one] of keyed(place, "details", summaryOf)) {
    const open = opened.get(key) ?? opened.get(withoutNumbers(key));
    if (open !== undefined) (one as HTMLDetailsElement).open ||= open;
  }
  for (const [key, one] of keyed(place, FIELDS, fieldKey)) {
    const before = typed.get(key);
    if (before) take(one as Field, before);
  }
  if (focused) again(place, focused, found ?? "")?.focus({ preventScroll: true });
}

function again(place: HTMLElement, focused: HTMLElement, key: string): HTMLElement | undefined {
  const same = focused.id ? document.getElementById(focused.id) : null;
  if (same && place.contains(same)) return same;
  const all = keyed(place, FOCUSABLE, focusKey);
  return (all.find(([other]) => other === key) ?? all.find(([other]) => withoutNumbers(other) === withoutNumbers(key)))?.[1];
}

/** The elements with a key made of what they are about and a counter for equal ones. */
function keyed(place: HTMLElement, selector: string, about: (one: HTMLElement) => string): [string, HTMLElement][] {
  const times = new Map<string, number>();
  return [...place.querySelectorAll<HTMLElement>(selector)].map((one) => {
    const key = about(one);
    const rank = times.get(key) ?? 0;
    times.set(key, rank + 1);
    return [`${key}\n${rank ? "again ".repeat(rank) : ""}`, one];
  });
}

const withoutNumbers = (key: string): string => key.replace(/\d+/gu, "");
const words = (one: Element | null): string => (one?.textContent ?? "").replace(/\s+/gu, " ").trim();
const summaryOf = (one: HTMLElement): string => `${words(one.querySelector("summary"))}|${formKey(one.querySelector("form"))}`;
const focusKey = (one: HTMLElement): string =>
  one.matches(FIELDS) ? fieldKey(one) : `${one.tagName}|${words(one)}|${formKey(one.closest("form"))}`;

function fieldKey(one: HTMLElement): string {
  const { name, type } = one as HTMLInputElement;
  const value = type === "radio" || type === "checkbox" ? (one as HTMLInputElement).value : "";
  return `${formKey(one.closest("form"))}|${name}|${value}`;
}

/** The key of a form: its address and hidden values. */
function formKey(form: HTMLFormElement | null): string {
  if (!form) return "";
  const hidden = [...form.querySelectorAll<HTMLInputElement>("input[type=hidden]")];
  const sent = hidden.filter(({ name }) => !PASSING.has(name)).map(({ name, value }) => `${name}=${value}`);
  return `${form.getAttribute("action") ?? ""}?${sent.join("&")}`;
}

function isTouched(field: Field): boolean {
  if (field instanceof HTMLSelectElement) return [...field.options].some((one) => one.selected !== one.defaultSelected);
  if (isChoice(field)) return field.checked !== field.defaultChecked;
  return field.value !== field.defaultValue;
}

function take(field: Field, before: Field): void {
  if (isChoice(field) && isChoice(before)) field.checked = before.checked;
  else field.value = before.value;
}

const isChoice = (field: Field): field is HTMLInputElement => field.type === "checkbox" || field.type === "radio";

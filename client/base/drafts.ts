import { element } from "../shared/element";
import { actor } from "../shared/identifiers";
import { say } from "../shared/language";

const PREFIX = "pleniere:draft:";
const SENT = "pleniere:sent";
const KEPT_DAYS = 3;
const SAVED_AFTER = 300;

type Field = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

interface Draft {
  saved: number;
  /** The command id of the form: sent again after a lost answer, it takes effect once. */
  command?: string;
  values: Record<string, string>;
}

/**
 * Stores what is typed into forms on this device until the server has it, so that a lost page or session loses no
 * words.
 *
 * A draft belongs to what its form is about (`data-draft`, such as `moderation:temoignage-12:ecarter`) and to the
 * person, never to the form's position on the page. A form without `data-draft` is not stored.
 */
export function keepDrafts(): void {
  forgetSent(document.getElementById("recu") !== null || document.querySelector("[data-accepted]") !== null);
  expire();
  keepWithin(document, true);
  document.addEventListener("shown", (event) => keepWithin(event.target as Element, false));
}

/** Deletes all drafts when signing out. */
export function forgetDrafts(): void {
  for (const key of keys()) localStorage.removeItem(key);
}

/** The storage key of that form's draft; null if it has none. */
export function draftKey(form: HTMLFormElement): string | null {
  const about = form.dataset["draft"];
  return about && form.method === "post" ? `${PREFIX}${actor()}:${about}` : null;
}

/** Deletes a draft that the server has received. */
export const forgetDraft = (key: string): void => localStorage.removeItem(key);

/** A form whose page stays was not sent: a receipt that is shown next is not its own. */
export const forgetSending = (): void => sessionStorage.removeItem(SENT);

/** Stores the form's draft immediately; false if nothing can be stored. */
export const saveDraft = (form: HTMLFormElement): boolean => KEPT.get(form)?.save() ?? true;

/** Whether a form of this page has words that could not be stored. */
export const hasUnkept = (): boolean => [...document.forms].some((form) => KEPT.get(form)?.unkept);

const KEPT = new WeakMap<HTMLFormElement, KeptForm>();

function keepWithin(place: ParentNode, arriving: boolean): void {
  for (const form of place.querySelectorAll<HTMLFormElement>("form[data-draft]")) {
    const key = draftKey(form);
    if (key && !KEPT.has(form)) KEPT.set(form, new KeptForm(form, key, arriving));
  }
}

const keys = (): string[] => Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));

const fieldsOf = (form: HTMLFormElement): Field[] =>
  [...form.elements].filter(
    (each): each is Field =>
      (each instanceof HTMLTextAreaElement || each instanceof HTMLSelectElement || each instanceof HTMLInputElement) &&
      each.name !== "" &&
      !/^(hidden|password|file|submit|button|checkbox|radio)$/.test(each.type),
  );

/**
 * Hidden fields on which the typed text depends, such as the words that it replaces: they are restored with the draft.
 */
const pinnedIn = (form: HTMLFormElement): HTMLInputElement[] => [
  ...form.querySelectorAll<HTMLInputElement>("input[type=hidden][data-pinned]"),
];

/** One form with its draft. */
class KeptForm {
  unkept = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly form: HTMLFormElement,
    private readonly key: string,
    arriving: boolean,
  ) {
    this.#restore(arriving);
    form.addEventListener("input", () => {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.save(), SAVED_AFTER);
    });
    form.addEventListener("change", () => this.#timer !== undefined && this.save());
    form.addEventListener("submit", () => {
      this.save();
      sessionStorage.setItem(SENT, [key, ...this.#alsoSent()].join("\n"));
    });
    addEventListener("pagehide", () => this.#timer !== undefined && this.save());
  }

  /** The keys of other forms' drafts whose words this form carries, from `data-drafts`. */
  #alsoSent(): string[] {
    const names = (this.form.dataset["drafts"] ?? "").split("\n").filter((name) => name !== "");
    return names.map((name) => `${PREFIX}${actor()}:${name}`);
  }

  /** Stores the values that differ from the page's. */
  save(): boolean {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const before = read(this.key)?.values ?? {};
    const fields = fieldsOf(this.form);
    if (!fields.length) return true; // a page that shows once more what was typed: the draft is that of its form
    const changed = fields.filter(
      (field) => field.value.trim() !== "" && (field.value !== initial(field) || before[field.name] === field.value),
    );
    const said = [...changed, ...pinnedIn(this.form)];
    const draft: Draft = {
      saved: Date.now(),
      command: commandOf(this.form)?.value ?? "",
      values: Object.fromEntries(said.map((field) => [field.name, field.value])),
    };
    const kept = store(this.key, changed.length ? draft : null);
    this.unkept = changed.length > 0 && !kept;
    if (changed.length) this.form.dispatchEvent(new CustomEvent("drafted", { detail: kept }));
    return kept;
  }

  /** Restores the draft unless the server already returned it; `arriving` shows a message with a way to discard it. */
  #restore(arriving: boolean): void {
    const draft = read(this.key);
    const fields = fieldsOf(this.form).filter((field) => {
      const kept = draft?.values[field.name];
      return kept !== undefined && kept !== field.value && field.value === initial(field);
    });
    if (!draft || !fields.length) return;
    fields.push(...pinnedIn(this.form).filter((field) => field.name in draft.values));
    const before = fields.map((field) => field.value);
    for (const field of fields) field.value = draft.values[field.name] ?? "";
    const command = commandOf(this.form);
    if (command && draft.command) command.value = draft.command;
    if (!arriving) return;
    for (let fold = this.form.closest("details"); fold; fold = fold.parentElement?.closest("details") ?? null)
      fold.open = true;
    this.form.before(this.#notice(draft, fields, before));
  }

  #notice(draft: Draft, fields: Field[], before: string[]): HTMLElement {
    const drop = (): void => {
      fields.forEach((field, i) => (field.value = before[i] ?? ""));
      fields.forEach((field) => field.dispatchEvent(new Event("input", { bubbles: true })));
      clearTimeout(this.#timer);
      this.#timer = undefined;
      store(this.key, null);
      notice.remove();
      fields[0]?.focus();
    };
    const notice = element(
      "p",
      { class: "notice draft-found", role: "status" },
      `${found(draft.saved)} — `,
      element("button", { type: "button", class: "link", click: drop }, say("Effacer", "Erase")),
    );
    return notice;
  }
}

function found(saved: number): string {
  const french = new Date(saved).toLocaleString("fr", { dateStyle: "medium", timeStyle: "short" });
  const english = new Date(saved).toLocaleString("en", { dateStyle: "medium", timeStyle: "short" });
  return say(
    `Brouillon retrouvé : il était gardé sur cet appareil, du ${french}`,
    `Draft found: it was kept on this device, from ${english}`,
  );
}

/** Whether it was stored: storage may be full or forbidden. */
function store(key: string, draft: Draft | null): boolean {
  try {
    if (draft) localStorage.setItem(key, JSON.stringify(draft));
    else localStorage.removeItem(key);
    return true;
  } catch {
    return false;
  }
}

function commandOf(form: HTMLFormElement): HTMLInputElement | null {
  const field = form.elements.namedItem("commande");
  return field instanceof HTMLInputElement ? field : null;
}

/** The value of a field as rendered by the server. */
const initial = (field: Field): string =>
  field instanceof HTMLSelectElement
    ? ([...field.options].find((option) => option.defaultSelected)?.value ?? field.options[0]?.value ?? "")
    : field.defaultValue;

function read(key: string): Draft | null {
  try {
    return JSON.parse(localStorage.getItem(key) ?? "null") as Draft | null;
  } catch {
    return null;
  }
}

/** Deletes the drafts of the form that was sent last; `received` if this page is the server's receipt for it. */
function forgetSent(received: boolean): void {
  const sent = sessionStorage.getItem(SENT);
  sessionStorage.removeItem(SENT);
  if (sent && received) for (const key of sent.split("\n")) localStorage.removeItem(key);
}

function expire(): void {
  const oldest = Date.now() - KEPT_DAYS * 86_400_000;
  for (const key of keys()) if ((read(key)?.saved ?? 0) < oldest) localStorage.removeItem(key);
}

import { element } from "../shared/element";
import { say } from "../shared/language";

const PREFIX = "pleniere:draft:";
const SENT = "pleniere:sent";
const KEPT_DAYS = 3;

type Field = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

interface Draft {
  saved: number;
  /** The id of the command that the form makes: sent again after a lost answer, it still happens once. */
  command?: string;
  values: Record<string, string>;
}

/** Keeps what is typed into forms on this device until the server has it: a lost page or session loses no words. */
export function keepDrafts(): void {
  if (document.getElementById("recu")) forgetSent();
  const forms = [...document.querySelectorAll("form")].filter(isWritten);
  forms.forEach((form, i) => keep(form, `${PREFIX}${form.dataset["draft"] ?? placeOf(form, i)}`));
  expire();
}

/** What tells a form from the others; one whose address says too little names its draft itself (`data-draft`). */
const placeOf = (form: HTMLFormElement, i: number): string =>
  `${location.pathname}:${new URL(form.action).pathname}:${i}`;

/** Signing out leaves nothing of what was typed on the device. */
export function forgetDrafts(): void {
  for (const key of keys()) localStorage.removeItem(key);
}

const keys = (): string[] => Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));

const isWritten = (form: HTMLFormElement): boolean =>
  form.method === "post" &&
  !form.matches("[data-island=sign-in], [data-no-draft]") &&
  form.querySelector("textarea, input[type=text], input:not([type])") !== null;

const fieldsOf = (form: HTMLFormElement): Field[] =>
  [...form.elements].filter(
    (each): each is Field =>
      (each instanceof HTMLTextAreaElement || each instanceof HTMLSelectElement || each instanceof HTMLInputElement) &&
      each.name !== "" &&
      !/^(hidden|password|file|submit|button|checkbox|radio)$/.test(each.type),
  );

function keep(form: HTMLFormElement, key: string): void {
  restore(form, key);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const save = (): void => {
    clearTimeout(timer);
    const changed = fieldsOf(form).filter((field) => field.value.trim() !== "" && field.value !== initial(field));
    const draft: Draft = {
      saved: Date.now(),
      command: commandOf(form)?.value ?? "",
      values: Object.fromEntries(changed.map((field) => [field.name, field.value])),
    };
    const kept = store(key, changed.length ? draft : null);
    if (changed.length) form.dispatchEvent(new CustomEvent("drafted", { detail: kept }));
  };
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(save, 300);
  });
  form.addEventListener("submit", () => {
    save();
    sessionStorage.setItem(SENT, JSON.stringify([...sent(), key]));
  });
  addEventListener("pagehide", () => {
    if (timer) save();
  });
}

/** Whether this browser keeps it: storage may be full or forbidden. */
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

/** What the server rendered into a field. */
const initial = (field: Field): string =>
  field instanceof HTMLSelectElement
    ? ([...field.options].find((option) => option.defaultSelected)?.value ?? field.options[0]?.value ?? "")
    : field.defaultValue;

/** Fills in what was typed earlier, unless the server already gave it back, and says so. */
function restore(form: HTMLFormElement, key: string): void {
  const draft = read(key);
  const fields = fieldsOf(form).filter((field) => {
    const kept = draft?.values[field.name];
    return kept !== undefined && kept !== field.value && field.value === initial(field);
  });
  if (!draft || !fields.length) return;
  const before = fields.map((field) => field.value);
  for (const field of fields) field.value = draft.values[field.name] ?? "";
  const command = commandOf(form);
  if (command && draft.command) command.value = draft.command;
  const drop = (): void => {
    fields.forEach((field, i) => (field.value = before[i] ?? ""));
    fields.forEach((field) => field.dispatchEvent(new Event("input", { bubbles: true })));
    store(key, null);
    notice.remove();
    fields[0]?.focus();
  };
  const notice = element(
    "p",
    { class: "notice", role: "status" },
    `${say("Votre brouillon est là : il était gardé sur cet appareil.", "Your draft is here: it was kept on this device.")} `,
    element("button", { type: "button", class: "link", click: drop }, say("L’effacer", "Erase it")),
  );
  form.before(notice);
}

function read(key: string): Draft | null {
  try {
    return JSON.parse(localStorage.getItem(key) ?? "null") as Draft | null;
  } catch {
    return null;
  }
}

function sent(): string[] {
  try {
    return JSON.parse(sessionStorage.getItem(SENT) ?? "[]") as string[];
  } catch {
    return [];
  }
}

/** A receipt is on the page: the server has what was sent. */
function forgetSent(): void {
  sent().forEach((key) => localStorage.removeItem(key));
  sessionStorage.removeItem(SENT);
}

function expire(): void {
  const oldest = Date.now() - KEPT_DAYS * 86_400_000;
  for (const key of keys()) if ((read(key)?.saved ?? 0) < oldest) localStorage.removeItem(key);
}

import { announce } from "../shared/announce";
import { element } from "../shared/element";
import { actor, commandId } from "../shared/identifiers";
import { say } from "../shared/language";
import { OUTBOX } from "../shared/unsentkey";
import { draftKey, forgetDraft, forgetSending, hasUnkept, saveDraft } from "./drafts";

/** Milliseconds after which a server that does not answer counts as unreachable. */
const PATIENCE = 5000;
/** Milliseconds between two tries to send what waits. */
const AGAIN = 15_000;

/** A form that was sent without a network. Its command id makes it take effect once, however often it is sent. */
interface Waiting {
  action: string;
  /** The encoded form as sent, and without its button. */
  body: string;
  typed: string;
  /** Address and title of the form's page. */
  page: string;
  title: string;
  draft: string;
}

type Outcome = { state: "waits" } | { state: "received"; address: string } | { state: "refused"; why: string };

const messages = {
  kept: say(
    "Pas de réseau : ceci est gardé sur cet appareil et partira de lui-même, une seule fois, quand le réseau revient.",
    "No network: this is kept on this device and will be sent by itself, once, when the network is back.",
  ),
  unkept: say(
    "Pas de réseau, et ce navigateur ne garde rien : rien n’est envoyé, ne fermez pas cette page.",
    "No network, and this browser keeps nothing: nothing is sent, do not close this page.",
  ),
  stays: say(
    "Pas de réseau : rien n’est envoyé. Cette page reste comme elle est ; réessayez quand le réseau revient.",
    "No network: nothing is sent. This page stays as it is; try again when the network is back.",
  ),
  waiting: (title: string): string =>
    say(`Un envoi attend le réseau, il partira de lui-même : ${title}`, `Something waits for the network and will be sent by itself: ${title}`),
  received: say("Le réseau est revenu : c’est enregistré.", "The network is back: it is recorded."),
  refused: (why: string): string => say(`Envoyé plus tard, mais refusé : ${why}`, `Sent later, but refused: ${why}`),
  see: say("Voir", "See"),
  now: say("Réessayer maintenant", "Try again now"),
  drop: say("Ne plus l’envoyer", "Do not send it"),
};

/**
 * Sends waiting forms automatically, shows on every page that some wait, and warns before a page with unsent words is
 * closed.
 */
export function openOutbox(): void {
  for (const [key, waiting] of waitingHere()) tell(key, waiting);
  addEventListener("online", () => void sendAll());
  addEventListener("beforeunload", (event) => {
    if (document.querySelector("form[data-waiting]") || hasUnkept()) event.preventDefault();
  });
  void sendAll();
}

/**
 * Whether the form can be submitted now. The server is asked each time: a network that failed a second ago would replace
 * the page, and what was typed in any form of it, by the browser's error page. If the server is unreachable the page
 * stays: a form with a draft is sent later automatically, any other says that nothing was sent.
 */
export async function mayLeave(form: HTMLFormElement, submitter: HTMLElement | null): Promise<boolean> {
  if (await isReachable()) return true;
  forgetSending();
  const draft = draftKey(form);
  const later = draft !== null && !isForNow(submitter) && isPlain(form);
  if (!later) sayIn(form, messages.stays, "careful");
  else queue(form, submitter, draft);
  return false;
}

/** A button whose response is needed at once (`data-now`): a preview, links that are shown once. */
const isForNow = (submitter: HTMLElement | null): boolean => submitter !== null && "now" in submitter.dataset;

/** Forms with files are not stored on the device. */
const isPlain = (form: HTMLFormElement): boolean => form.enctype !== "multipart/form-data";

/** Whether the server answers now. A proxy's page that says that it does not (5xx) is no answer. */
async function isReachable(): Promise<boolean> {
  if (!navigator.onLine) return false;
  try {
    const answer = await fetch("/healthz", { method: "HEAD", cache: "no-store", signal: AbortSignal.timeout(PATIENCE) });
    return answer.status < 500;
  } catch {
    return false;
  }
}

function queue(form: HTMLFormElement, submitter: HTMLElement | null, draft: string): void {
  const typed = typedIn(form);
  const body = new URLSearchParams(typed);
  if (submitter instanceof HTMLButtonElement && submitter.name) body.set(submitter.name, submitter.value);
  const action = new URL(submitter?.getAttribute("formaction") ?? form.getAttribute("action") ?? "", location.href);
  const waiting: Waiting = {
    action: action.href,
    body: body.toString(),
    typed,
    page: location.pathname + location.search,
    title: document.title,
    draft,
  };
  saveDraft(form);
  const key = `${OUTBOX}${actor()}:${draft}`;
  if (!store(key, waiting)) return sayIn(form, messages.unkept, "wrong");
  form.dataset["waiting"] = key;
  sayIn(form, messages.kept, "careful", retry(), dropping(key));
  setTimeout(() => void sendAll(), AGAIN);
}

const typedIn = (form: HTMLFormElement): string =>
  new URLSearchParams([...new FormData(form)].map(([name, value]) => [name, String(value)])).toString();

function store(key: string, waiting: Waiting): boolean {
  try {
    localStorage.setItem(key, JSON.stringify(waiting));
    return true;
  } catch {
    return false;
  }
}

function waitingHere(): [string, Waiting][] {
  const mine = Object.keys(localStorage).filter((key) => key.startsWith(`${OUTBOX}${actor()}:`));
  return mine.map((key) => [key, JSON.parse(localStorage.getItem(key) ?? "{}") as Waiting]);
}

let sending = false;

/** Sends the waiting forms; only one page does so at a time, and an unreachable server is tried again later. */
export async function sendAll(): Promise<void> {
  if (sending || !waitingHere().length) return;
  sending = true;
  const send = async (lock: Lock | null): Promise<void> => {
    if (lock) for (const [key, waiting] of waitingHere()) settle(key, waiting, await sendOne(waiting));
  };
  await (navigator.locks?.request(OUTBOX, { ifAvailable: true }, send) ?? send({} as Lock));
  sending = false;
  if (waitingHere().length) setTimeout(() => void sendAll(), AGAIN);
}

async function sendOne({ action, body }: Waiting): Promise<Outcome> {
  if (!navigator.onLine) return { state: "waits" };
  try {
    const headers = { "Content-Type": "application/x-www-form-urlencoded" };
    const answer = await fetch(action, { method: "POST", headers, body, credentials: "same-origin" });
    if (answer.status >= 500 || answer.status === 429) return { state: "waits" };
    if (answer.ok && answer.redirected) return { state: "received", address: answer.url };
    return { state: "refused", why: reasonIn(await answer.text()) };
  } catch {
    return { state: "waits" };
  }
}

/** The sentence of a refusal in the HTML of its page. */
function reasonIn(html: string): string {
  const page = new DOMParser().parseFromString(html, "text/html");
  const said = page.querySelector(".notice.wrong p, .field-error, main p")?.textContent ?? "";
  return said.replace(/\s+/g, " ").trim();
}

function settle(key: string, waiting: Waiting, outcome: Outcome): void {
  if (outcome.state === "waits") return;
  localStorage.removeItem(key);
  if (outcome.state === "received") forgetDraft(waiting.draft);
  const form = formOf(key);
  const [sentence, tone, address] =
    outcome.state === "received"
      ? [messages.received, "done", outcome.address]
      : [messages.refused(outcome.why), "wrong", waiting.page];
  const link = element("a", { href: address }, messages.see);
  if (form) {
    delete form.dataset["waiting"];
    sayIn(form, sentence, tone, outcome.state === "received" ? link : null);
    if (outcome.state === "received") settleForm(form, waiting);
  } else sayAbove(key, `${sentence} ${waiting.title}`, tone, link);
  announce(sentence);
}

/** Clears a form that was sent, unless it was changed since, and gives it a new command id. */
function settleForm(form: HTMLFormElement, { typed }: Waiting): void {
  if (typedIn(form) === typed) form.reset();
  else saveDraft(form);
  const command = form.elements.namedItem("commande");
  if (command instanceof HTMLInputElement) command.value = commandId();
}

const formOf = (key: string): HTMLFormElement | null =>
  [...document.forms].find((form) => form.dataset["waiting"] === key) ?? null;

/** Shows a message beside the form if this page has it, else at the top. */
function tell(key: string, waiting: Waiting): void {
  const form = [...document.forms].find((each) => draftKey(each) === waiting.draft);
  if (!form)
    return sayAbove(key, messages.waiting(waiting.title), "careful", element("a", { href: waiting.page }, messages.see));
  form.dataset["waiting"] = key;
  sayIn(form, messages.kept, "careful", retry(), dropping(key));
}

const retry = (): HTMLElement =>
  element("button", { type: "button", class: "link", click: () => void sendAll() }, messages.now);

const dropping = (key: string): HTMLElement =>
  element("button", { type: "button", class: "link", click: () => drop(key) }, messages.drop);

function drop(key: string): void {
  localStorage.removeItem(key);
  const form = formOf(key);
  if (!form) return;
  delete form.dataset["waiting"];
  form.querySelector("[data-outbox]")?.remove();
}

function sayIn(form: HTMLFormElement, sentence: string, tone: string, ...acts: (HTMLElement | null)[]): void {
  form.querySelector("[data-outbox]")?.remove();
  const notice = line(sentence, tone, acts);
  form.append(notice);
  notice.scrollIntoView?.({ block: "nearest" });
  announce(sentence);
}

function sayAbove(key: string, sentence: string, tone: string, ...acts: HTMLElement[]): void {
  [...document.querySelectorAll<HTMLElement>("[data-outbox]")].find((each) => each.dataset["outbox"] === key)?.remove();
  const notice = line(sentence, tone, acts);
  notice.dataset["outbox"] = key;
  document.querySelector("main")?.prepend(notice);
}

function line(sentence: string, tone: string, acts: (HTMLElement | null)[]): HTMLElement {
  const shown = acts.filter((act) => act !== null).flatMap((act) => [" ", act]);
  return element("p", { class: `notice ${tone}`, "data-outbox": "" }, sentence, ...shown);
}

import { forgetDevice, hasUnsent } from "../base/device";
import { forgetDrafts, keepDrafts } from "../base/drafts";
import { rememberCheckpoint } from "../base/memory";
import { mayLeave, openOutbox } from "../base/outbox";
import { offerSharing } from "../base/sharing";
import { tellVotes } from "../base/votes";
import { say } from "../shared/language";

const AGAIN_AFTER = 8000;
const LONGEST_LEAVE = 2000;

/** Prevents a form from being submitted twice on a slow network; the pressed button shows that it is working. */
function guardSubmissions(): void {
  document.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    const before = Number(form.dataset["sentAt"] ?? 0);
    if (event.defaultPrevented) return;
    if (Date.now() - before < AGAIN_AFTER) return event.preventDefault();
    form.dataset["sentAt"] = String(Date.now());
    event.submitter?.setAttribute("aria-busy", "true");
    setTimeout(() => event.submitter?.removeAttribute("aria-busy"), AGAIN_AFTER);
    if (form.getAttribute("action") === "/deconnexion") void leave(event, form);
    else if (form.method === "post") void depart(event, form);
  });
  addEventListener("pageshow", () => {
    for (const form of document.forms) delete form.dataset["sentAt"];
  });
}

const departing = new WeakSet<HTMLFormElement>();

/** Submits a form only if the server answers; otherwise the page stays, with everything typed in it. */
async function depart(event: SubmitEvent, form: HTMLFormElement): Promise<void> {
  if (departing.delete(form)) return;
  event.preventDefault();
  const { submitter } = event;
  const leaves = await mayLeave(form, submitter);
  delete form.dataset["sentAt"];
  submitter?.removeAttribute("aria-busy");
  if (!leaves) return;
  if (!form.isConnected) keepUntilSent(form);
  departing.add(form);
  form.requestSubmit(submitter);
}

/** A form that a live part of the page has replaced while the server was asked is sent all the same, out of sight. */
function keepUntilSent(form: HTMLFormElement): void {
  form.hidden = true;
  document.body.append(form);
}

/** Deletes what the device stores before signing out; nothing, if the server cannot end the session now. */
async function leave(event: SubmitEvent, form: HTMLFormElement): Promise<void> {
  event.preventDefault();
  const leaves = (await mayLeave(form, event.submitter)) && (!hasUnsent() || confirm(unsent));
  if (!leaves) {
    event.submitter?.removeAttribute("aria-busy");
    return form.removeAttribute("data-sent-at");
  }
  forgetDrafts();
  await Promise.race([forgetDevice(), new Promise((done) => setTimeout(done, LONGEST_LEAVE))]);
  form.submit();
}

const unsent = say(
  "Des mots que vous avez écrits ici n’ont pas encore été enregistrés par le serveur. Vous déconnecter les efface de cet appareil. Continuer\u00a0?",
  "Words that you wrote here are not saved by the server yet. Signing out erases them from this device. Continue?",
);

/**
 * The token of a sign-in link is after the "#", which is not sent to any server: posts it, and removes it from the
 * address.
 */
function signIn(): void {
  const form = document.querySelector<HTMLFormElement>("form[data-island=sign-in]");
  const token = location.hash.slice(1);
  const field = form?.elements.namedItem("lien");
  if (!form || !(field instanceof HTMLInputElement) || token.length < 16) return;
  field.value = decodeURIComponent(token);
  history.replaceState(null, "", location.pathname + location.search);
  form.requestSubmit();
}

/** Changes the theme at once, without leaving the page; the server stores the choice. */
function changeAppearance(): void {
  const themes: Record<string, string> = { auto: "", clair: "light", sombre: "dark" };
  document.addEventListener("click", (event) => {
    const link = (event.target as Element).closest<HTMLAnchorElement>("a[href^='/apparence/']");
    const name = link?.pathname.split("/")[2] ?? "";
    if (!link || !(name in themes) || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const theme = themes[name];
    if (theme) document.documentElement.dataset["theme"] = theme;
    else delete document.documentElement.dataset["theme"];
    document.querySelectorAll("a[href^='/apparence/']").forEach((each) => each.removeAttribute("aria-current"));
    link.setAttribute("aria-current", "true");
    void fetch(link.href, { redirect: "manual", keepalive: true }).catch(() => undefined);
  });
}

/** Menus close on Escape, with the focus back on their button, and when something outside of them is pressed. */
function closeMenus(): void {
  const open = (): HTMLDetailsElement[] => [...document.querySelectorAll<HTMLDetailsElement>("details.menu[open]")];
  document.addEventListener("click", ({ target }) => {
    for (const menu of open()) if (!menu.contains(target as Node)) menu.open = false;
  });
  document.addEventListener("keydown", ({ key }) => {
    if (key !== "Escape") return;
    for (const menu of open()) {
      if (menu.contains(document.activeElement)) menu.querySelector("summary")?.focus();
      menu.open = false;
    }
  });
}

/** Moves the focus to a refusal after a form was sent. */
function focusErrors(): void {
  const errors = document.querySelector<HTMLElement>(".notice.wrong[role=alert][tabindex]");
  errors?.focus();
}

guardSubmissions();
keepDrafts();
openOutbox();
tellVotes();
signIn();
changeAppearance();
closeMenus();
offerSharing();
focusErrors();
rememberCheckpoint();

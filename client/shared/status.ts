import { announce } from "./announce";
import { hour } from "./answer";
import { copyWords } from "./clipboard";
import { element } from "./element";
import { say } from "./language";
import { wording, type Saving } from "./saving";
import type { Session } from "./sync";

const messages = {
  copy: say("Copier mon texte", "Copy my text"),
  copied: say("Texte copié.", "Text copied."),
  shared: say("Revenir à la version partagée", "Return to the shared version"),
  sure: say(
    "Ce qui n’a pas été enregistré sera effacé de cet appareil. Continuer ?",
    "What was not saved will be erased from this device. Continue?",
  ),
  stored: (at: number | null): string =>
    at === null
      ? say("Tout ce que vous avez écrit est enregistré.", "All that you wrote is saved.")
      : say(
          `Tout ce que vous avez écrit est enregistré, à ${hour(at)}.`,
          `All that you wrote is saved, at ${hour(at)}.`,
        ),
  byHttp: say("Connecté par une voie de secours", "Connected by a fallback"),
  kept: say("Ce que vous avez écrit reste ici, sur cet appareil.", "What you wrote stays here, on this device."),
  tooLate: say(
    "Vos derniers mots sont arrivés trop tard pour y entrer. Rien n’est perdu : ils sont gardés en copie sur cet appareil, pour être repris ou proposés par amendement.",
    "Your last words came too late to get in. Nothing is lost: a copy is kept on this device, to be taken up or proposed by amendment.",
  ),
  notKept: say(
    "Ce que vous avez écrit reste sur cette page : copiez-le avant de la fermer.",
    "What you wrote stays on this page: copy it before you close it.",
  ),
};

/** States that are announced to screen readers; others change with every keystroke. */
const TOLD: ReadonlySet<Saving> = new Set(["offline", "refused", "closed", "ended"]);

/** The state of saving in words, always visible; `island` gets it as a data attribute, for styles. */
export function savingIndicator(session: Session, island: HTMLElement): HTMLElement {
  const text = element("span", { class: "saving__text" });
  const at = element("span", { class: "saving__hour" });
  const way = element("span", { class: "saving__way", hidden: true });
  const indicator = element(
    "p",
    { class: "saving" },
    element("span", { class: "saving__mark", "aria-hidden": "true" }),
    text,
    at,
    way,
  );
  let shown = "";
  let toldWay = false;
  let told: Saving | null = null;
  session.watch(() => {
    const { saving } = session;
    const words = wording(saving, session.kept, session.writing);
    if (words !== shown) text.textContent = words;
    shown = words;
    const clock = saving === "stored" && session.confirmed !== null ? hour(session.confirmed) : "";
    if (at.textContent !== clock) at.textContent = clock;
    if (way.hidden === session.byHttp) way.textContent = session.byHttp ? messages.byHttp : "";
    way.hidden = !session.byHttp;
    if (session.byHttp && !toldWay) announce(messages.byHttp);
    toldWay ||= session.byHttp;
    indicator.dataset["state"] = saving;
    island.dataset["saving"] = saving;
    const again = saving === "stored" && told !== null;
    if ((TOLD.has(saving) && told !== saving) || again) announce(words);
    if (TOLD.has(saving)) told = saving;
    else if (saving === "stored") told = null;
  });
  return indicator;
}

/** What the banner offers when nothing more is stored. */
export interface AfterRefusal {
  /** The whole as plain text, to copy. */
  copy: () => string;
  /** What this person typed that the server does not have, each part in words; null if there is nothing. */
  unreached?: () => Promise<HTMLElement | null>;
  /** Where the text goes on, for whoever wrote in it. */
  onwards?: { href: string; words: string };
}

/**
 * Shown when the server stores nothing more: the reason, what became of the person's words, and ways to go on with them.
 * A text that was frozen, or a phase that ended, is no error: the banner is calm.
 */
export function refusalBanner(session: Session, after: AfterRefusal): HTMLElement {
  const reason = element("p", { class: "refusal__reason" });
  const rest = element("p", {});
  const words = element("div", {});
  const banner = element("div", { class: "refusal", hidden: true }, reason, rest, words);
  let looked = false;
  if (session.writing) banner.append(actions(session, after));
  session.watch(() => {
    const { refusal, saving } = session;
    if (!refusal) return;
    const said: [string, string] = [refusal.message, session.writing ? fate(session) : ""];
    if (reason.textContent === said[0] && rest.textContent === said[1]) return;
    const calm = isExpected(refusal.code);
    banner.classList.toggle("refusal--calm", calm);
    banner.setAttribute("role", calm ? "status" : "alert");
    banner.dataset["saving"] = saving;
    banner.hidden = false;
    [reason.textContent, rest.textContent] = said;
    if (saving === "closed") words.replaceChildren();
    if (saving !== "refused" || looked || !after.unreached) return;
    looked = true;
    void after.unreached().then(
      (found) => session.saving !== "closed" && words.replaceChildren(...(found ? [found] : [])),
      () => undefined, // the whole text can still be copied
    );
  });
  return banner;
}

/** Whether writing ended as the congress wanted it: the text is frozen, or its phase is over. */
const isExpected = (code: string): boolean => code === "motion.frozen" || code.startsWith("phase.");

/** A sentence on what happened to this person's words. */
function fate({ saving, kept, confirmed, refusal }: Session): string {
  if (saving === "closed") return messages.stored(confirmed);
  if (kept && refusal && isExpected(refusal.code)) return messages.tooLate;
  return kept ? messages.kept : messages.notKept;
}

function actions(session: Session, { copy, onwards }: AfterRefusal): HTMLElement {
  const copying = async (): Promise<void> => {
    await copyWords(copy());
    announce(messages.copied);
  };
  const dropping = (): void => {
    if (confirm(messages.sure)) void session.forget();
  };
  return element(
    "p",
    { class: "refusal__actions" },
    onwards ? element("a", { class: "button refusal__onwards", href: onwards.href }, onwards.words) : null,
    element("button", { type: "button", class: "refusal__copy", click: () => void copying() }, messages.copy),
    element("button", { type: "button", class: "refusal__shared", click: dropping }, messages.shared),
  );
}

import { announce } from "./announce";
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
  stored: say("Tout ce que vous avez écrit est enregistré.", "All that you wrote is saved."),
  byHttp: say("Connecté par une voie de secours", "Connected by a fallback"),
  kept: say("Ce que vous avez écrit reste ici, sur cet appareil.", "What you wrote stays here, on this device."),
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
  const way = element("span", { class: "saving__way", hidden: true });
  const indicator = element(
    "p",
    { class: "saving" },
    element("span", { class: "saving__mark", "aria-hidden": "true" }),
    text,
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

/**
 * Shown when the server stores nothing more: the reason, and ways to save one's words. `copy` returns them as plain
 * text.
 */
export function refusalBanner(session: Session, copy: () => string): HTMLElement {
  const reason = element("p", { class: "refusal__reason" });
  const rest = element("p", {});
  const banner = element("div", { class: "refusal", role: "alert", hidden: true }, reason, rest);
  if (session.writing) banner.append(actions(session, copy));
  session.watch(() => {
    if (!session.refusal) return;
    const words: [string, string] = [session.refusal.message, session.writing ? fate(session) : ""];
    if (reason.textContent === words[0] && rest.textContent === words[1]) return;
    banner.hidden = false;
    [reason.textContent, rest.textContent] = words;
  });
  return banner;
}

/** A sentence on what happened to this person's words. */
function fate({ saving, kept }: Session): string {
  if (saving === "closed") return messages.stored;
  return kept ? messages.kept : messages.notKept;
}

function actions(session: Session, copy: () => string): HTMLElement {
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
    element("button", { type: "button", click: () => void copying() }, messages.copy),
    element("button", { type: "button", click: dropping }, messages.shared),
  );
}

import { say } from "../shared/language";
import { element } from "../shared/element";
import type { Session, Standing } from "../shared/sync";

/** Milliseconds between attempts to reach the server. */
const PAUSE = 3000;

/** Compares the page stored on this device with the server's. */
export function standingOf(kept: DOMStringMap, page: Document | null): Standing {
  const now = page?.querySelector<HTMLElement>("[data-document]")?.dataset;
  if (!now || now["person"] !== kept["person"]) return "ended";
  const same = now["build"] === kept["build"] && "readonly" in now === "readonly" in kept;
  return same ? "current" : "outdated";
}

/**
 * Waits for the server and returns whether its page is the one shown, so that an outdated script never connects to a
 * new server.
 */
export async function standing(kept: DOMStringMap): Promise<Standing> {
  for (;;) {
    const answer = await fetch(location.pathname, { credentials: "same-origin", cache: "no-store" }).catch(() => null);
    if (answer && answer.status < 500) {
      const page = answer.ok ? new DOMParser().parseFromString(await answer.text(), "text/html") : null;
      return standingOf(kept, page);
    }
    await new Promise<void>((resolve) => {
      addEventListener("online", () => resolve(), { once: true });
      setTimeout(resolve, PAUSE);
    });
  }
}

/** Registers the service worker that stores this page for a reload without a network. */
export function keepPage(worker: string): void {
  const scope = location.pathname;
  void navigator.serviceWorker?.register(worker, { scope }).catch(() => undefined);
}

/** A notice above a page loaded from this device, until the server is reachable. */
export function offlineNotice(session: Session): HTMLElement {
  const notice = element("p", { class: "notice", role: "status" }, words);
  session.watch(() => (notice.hidden = session.provider.wsconnected));
  return notice;
}

const words = say(
  "Le serveur ne répond pas. Voici le texte tel que cet appareil le connaît\u00a0: écrivez, tout partira au retour du réseau.",
  "The server does not answer. This is the text as this device knows it: write, everything will be sent when it is back.",
);

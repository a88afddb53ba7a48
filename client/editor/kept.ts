import { say } from "../shared/language";
import { element } from "../shared/element";
import type { Session, Standing } from "../shared/sync";

/** Milliseconds between attempts to reach the server. */
const PAUSE = 3000;

/** What the server's page says now, beside the one that this device kept. */
export function standingOf(kept: DOMStringMap, page: Document | null): Standing {
  const now = page?.querySelector<HTMLElement>("[data-document]")?.dataset;
  if (!now || now["person"] !== kept["person"]) return "ended";
  const same = now["build"] === kept["build"] && "readonly" in now === "readonly" in kept;
  return same ? "current" : "outdated";
}

/** Once the server answers: whether its page is the one that is shown, so that an old program never speaks to a new server. */
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

/** Lets the browser keep this page for a reload without a network, where it can. */
export function keepPage(worker: string): void {
  const scope = location.pathname;
  void navigator.serviceWorker?.register(worker, { scope }).catch(() => undefined);
}

/** Said above a page that came from this device, until the server is back. */
export function offlineNotice(session: Session): HTMLElement {
  const notice = element("p", { class: "notice", role: "status" }, words);
  session.watch(() => (notice.hidden = session.provider.wsconnected));
  return notice;
}

const words = say(
  "Le serveur ne répond pas. Voici le texte tel que cet appareil le connaît\u00a0: écrivez, tout partira au retour du réseau.",
  "The server does not answer. This is the text as this device knows it: write, everything will be sent when it is back.",
);

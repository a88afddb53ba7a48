import { announce } from "./announce";
import { language, say } from "./language";
import type { Saving } from "./saving";
import type { Session } from "./sync";

/** What Ctrl+S is answered from. Instants are in milliseconds since 1970, null if unknown. */
export interface Standing {
  saving: Saving;
  /** When the server last confirmed that everything is stored. */
  confirmed: number | null;
  /** Since when something waits to be stored. */
  waiting: number | null;
  /** What waits, in words, such as "2 passages"; "" if unknown. */
  what: string;
  /** Whether this device stores what waits. */
  kept: boolean;
}

/** The hour as people say it: "14 h 05", or "14:05" in English. */
export function hour(instant: number): string {
  const at = new Date(instant);
  const [hours, minutes] = [at.getHours(), String(at.getMinutes()).padStart(2, "0")];
  return language === "fr" ? `${hours}\u00a0h\u00a0${minutes}` : `${hours}:${minutes}`;
}

/** The answer to Ctrl+S: that all is kept, with the hour, or what waits. */
export function answer(now: Standing): string {
  switch (now.saving) {
    case "stored":
    case "closed":
      return stored(now.confirmed);
    case "waiting":
      return say("Enregistrement en cours…", "Saving…");
    case "connecting":
    case "offline":
      return `${say("Hors ligne.", "Offline.")} ${now.waiting === null ? nothing(now.confirmed) : waits(now, now.waiting)}`;
    case "refused":
    case "ended":
      return say(
        "L’écriture est close : ce qui n’y est pas entré est gardé ici.",
        "Writing is closed: what did not get in is kept here.",
      );
    case "reading":
      return "";
  }
}

const stored = (confirmed: number | null): string =>
  confirmed === null
    ? say("Tout est enregistré.", "All is saved.")
    : say(`Tout est enregistré, à ${hour(confirmed)}.`, `All is saved, at ${hour(confirmed)}.`);

const nothing = (confirmed: number | null): string =>
  confirmed === null
    ? say("Rien n’attend.", "Nothing waits.")
    : say(`Rien n’attend : tout était enregistré à ${hour(confirmed)}.`, `Nothing waits: all was saved at ${hour(confirmed)}.`);

function waits({ what, kept }: Standing, since: number): string {
  const [subject, english] = what
    ? [`${what}, depuis ${hour(since)} :`, `${what}, since ${hour(since)}:`]
    : [`Ce que vous avez écrit depuis ${hour(since)} :`, `What you wrote since ${hour(since)}:`];
  return kept
    ? say(`${subject} gardé sur cet appareil, envoyé au retour du réseau.`, `${english} kept on this device, sent once the network is back.`)
    : say(`${subject} gardé sur cette page seulement, ne la fermez pas.`, `${english} kept on this page only, do not close it.`);
}

/** Answers Ctrl+S, and once more when what was being saved is. `what` says what waits. */
export function answerSave(session: Session, what: () => string): void {
  const tell = (): void => {
    const { saving, confirmed, waiting, kept } = session;
    announce(answer({ saving, confirmed, waiting, kept, what: what() }), true);
  };
  tell();
  if (session.saving !== "waiting") return;
  const stop = session.watch(() => {
    if (session.saving === "waiting") return;
    queueMicrotask(() => stop());
    tell();
  });
}

import { say } from "./language";

/**
 * The state of saving as shown to the writer. `stored` means durably stored by the server, nothing less; `closed` that
 * everything is, and that nothing more will be.
 */
export type Saving = "connecting" | "stored" | "waiting" | "offline" | "refused" | "closed" | "ended" | "reading";

export interface Situation {
  /** False for read-only visitors. */
  writing: boolean;
  connected: boolean;
  /** Whether this page has been connected at least once. */
  met: boolean;
  stored: boolean;
  /** Whether something written here is not confirmed by the server yet. */
  unconfirmed: boolean;
  refused: boolean;
  ended: boolean;
}

export function judge(now: Situation): Saving {
  if (now.ended) return "ended";
  if (now.refused) return now.writing && !now.unconfirmed && now.stored ? "closed" : "refused";
  if (!now.connected) return now.met || now.unconfirmed ? "offline" : "connecting";
  if (!now.writing) return "reading";
  return now.stored ? "stored" : "waiting";
}

/** The text shown for a state; `kept` says whether this device stores what was typed. */
export function wording(saving: Saving, kept: boolean, writing: boolean): string {
  switch (saving) {
    case "connecting":
      return say("Connexion…", "Connecting…");
    case "stored":
      return say("Enregistré", "Saved");
    case "waiting":
      return say("En attente…", "Waiting…");
    case "refused":
      return say("Non enregistré", "Not saved");
    case "closed":
      return say("Enregistré, écriture close", "Saved, writing is closed");
    case "ended":
      return say("Déconnecté", "Disconnected");
    case "reading":
      return say("En direct", "Live");
    case "offline":
      return offline(kept, writing);
  }
}

function offline(kept: boolean, writing: boolean): string {
  if (!writing) return say("Hors ligne", "Offline");
  return kept
    ? say("Hors ligne — conservé sur cet appareil", "Offline — kept on this device")
    : say("Hors ligne — gardez cette page ouverte", "Offline — keep this page open");
}

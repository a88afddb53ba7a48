import { say } from "./language";

/**
 * What a person may believe about their words. `stored` means durably kept by the server, nothing less;
 * `closed` that all of it is, and that no more will be.
 */
export type Saving = "connecting" | "stored" | "waiting" | "offline" | "refused" | "closed" | "ended" | "reading";

export interface Situation {
  /** False for those who only read along. */
  writing: boolean;
  connected: boolean;
  /** Whether this page was ever connected. */
  met: boolean;
  stored: boolean;
  /** Something was written here that the server has not confirmed. */
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

/** The words shown for a state; `kept` tells whether this device keeps what was typed. */
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

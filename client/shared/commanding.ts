import { commandId } from "./identifiers";
import { say } from "./language";

/** The refusal of a command: its code, sentence and field. */
export class CommandRefused extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly field = "",
  ) {
    super(message);
  }
}

export interface Receipt {
  entries: [index: number, kind: string, document: string][];
}

/**
 * Sends a command with the session of the page. Throws CommandRefused if the server refuses it, and a TypeError if it
 * was not reached: the same id may then be sent again, and takes effect once.
 */
export async function command(slug: string, name: string, data: object, id = commandId()): Promise<Receipt> {
  const answer = await fetch(`/api/v1/c/${slug}/commandes`, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json" },
    credentials: "same-origin",
    body: JSON.stringify({ id, name, data }),
  });
  const body = (await answer.json().catch(() => ({}))) as Partial<Receipt> & Record<string, string>;
  if (answer.ok && body.entries) return { entries: body.entries };
  if (answer.status >= 500 || answer.status === 429) throw new TypeError(unreachable());
  throw new CommandRefused(body["code"] ?? "", body["message"] ?? unreachable(), body["field"] ?? "");
}

export const unreachable = (): string =>
  say("Le serveur n’a pas pu répondre. Réessayez.", "The server could not answer. Try again.");

const ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789";

/** A random identifier of `length` lowercase letters and digits; those of clauses and nodes have 10. */
export function randomId(length = 10): string {
  let identifier = "";
  while (identifier.length < length) {
    for (const byte of crypto.getRandomValues(new Uint8Array(length * 2))) {
      if (byte < 252 && identifier.length < length) identifier += ALPHABET[byte % 36];
    }
  }
  return identifier;
}

/** A new command id; a command sent twice under one id takes effect once. */
export const commandId = (): string => randomId(20);

/** The signed-in person and congress, as the page states them (`congress:person`); keys of stored data contain it. */
export const actor = (): string => globalThis.document?.documentElement.dataset["actor"] ?? "";

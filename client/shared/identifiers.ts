const ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789";

/** `length` lowercase letters and digits, each equally likely: 10 of them are the id of a clause or a node. */
export function randomId(length = 10): string {
  let made = "";
  while (made.length < length) {
    for (const byte of crypto.getRandomValues(new Uint8Array(length * 2))) {
      if (byte < 252 && made.length < length) made += ALPHABET[byte % 36];
    }
  }
  return made;
}

/** The id of a command: the same command sent twice counts once. */
export const commandId = (): string => randomId(20);

/** Who is signed in and where, as the page says it (`congress:person`): what this device keeps is theirs. */
export const actor = (): string => globalThis.document?.documentElement.dataset["actor"] ?? "";

import { equal, fromBase64, sha256, toHex, utf8, type Bytes } from "./bytes";

const ED25519 = 1;

/** A public key in the form of one line: name, key id (four bytes of a hash), algorithm and key. */
export interface Key {
  name: string;
  hash: Bytes;
  key: Bytes;
}

export async function readKey(line: string): Promise<Key | null> {
  const match = /^([^+\s]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(line.trim());
  if (!match) return null;
  const [, name = "", , encoded = ""] = match;
  const bytes = fromBase64(encoded);
  const hash = (await sha256(utf8(`${name}\n`), bytes)).slice(0, 4);
  const stated = toHex(hash);
  return bytes[0] === ED25519 && bytes.length === 33 && stated === match[2]
    ? { name, hash, key: bytes.slice(1) }
    : null;
}

/** The result of checking a signature; `unsupported` if this browser cannot check it. */
export type Signed = "valid" | "invalid" | "unsupported";

/** Checks a C2SP signed note (Ed25519) against a key. */
export async function checkNote(note: string, key: Key): Promise<Signed> {
  const [text, signatures = ""] = split(note);
  for (const line of signatures.split("\n")) {
    const match = /^— (\S+) (\S+)$/.exec(line);
    if (match?.[1] !== key.name) continue;
    const bytes = fromBase64(match[2] ?? "");
    if (equal(bytes.slice(0, 4), key.hash)) return verify(key.key, bytes.slice(4), utf8(text));
  }
  return "invalid";
}

function split(note: string): [text: string, signatures: string] {
  const at = note.indexOf("\n\n");
  return [note.slice(0, at + 1), note.slice(at + 2)];
}

async function verify(key: Bytes, signature: Bytes, text: Bytes): Promise<Signed> {
  let usable: CryptoKey;
  try {
    usable = await crypto.subtle.importKey("raw", key, "Ed25519", false, ["verify"]);
  } catch {
    return "unsupported";
  }
  return (await crypto.subtle.verify("Ed25519", usable, signature, text)) ? "valid" : "invalid";
}

/** The parts of a C2SP tlog-proof. */
export interface Proof {
  index: number;
  path: Bytes[];
  checkpoint: string;
}

export function readProof(text: string): Proof | null {
  const [head = "", ...rest] = text.split("\n\n");
  const lines = head.split("\n");
  if (lines[0] !== "c2sp.org/tlog-proof@v1" || !rest.length) return null;
  const at = lines.findIndex((line) => /^index \d+$/.test(line));
  const hashes = lines.slice(at + 1).filter((line) => line);
  if (at < 1 || !hashes.every((line) => /^[A-Za-z0-9+/]{43}=$/.test(line))) return null;
  return { index: Number(lines[at]?.slice(6)), path: hashes.map(fromBase64), checkpoint: rest.join("\n\n") };
}

/** Whether an entry's commitment matches a payload: HMAC-SHA256 under its salt. */
export async function isCommitted(payload: string, salt: Bytes, commitment: string): Promise<boolean> {
  const key = await crypto.subtle.importKey("raw", salt, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  const mac = new Uint8Array(await crypto.subtle.sign("HMAC", key, utf8(payload)));
  return toHex(mac) === commitment;
}

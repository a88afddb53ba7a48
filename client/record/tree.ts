import { equal, sha256, type Bytes } from "./bytes";

const LEAF = new Uint8Array([0]);
const NODE = new Uint8Array([1]);

/** Hash of an entry's bytes as a leaf (RFC 6962, section 2.1). */
export const leafHash = (entry: Bytes): Promise<Bytes> => sha256(LEAF, entry);

const nodeHash = (left: Bytes, right: Bytes): Promise<Bytes> => sha256(NODE, left, right);

/**
 * The root computed from an inclusion proof for leaf `index` of a tree of `size`; null for an invalid proof (RFC 9162,
 * 2.1.3.2).
 */
export async function rootFromInclusion(
  index: number,
  size: number,
  leaf: Bytes,
  proof: Bytes[],
): Promise<Bytes | null> {
  if (index < 0 || index >= size) return null;
  let at = index;
  let last = size - 1;
  let hash = leaf;
  for (const sibling of proof) {
    if (last === 0) return null;
    if (at % 2 === 1 || at === last) {
      hash = await nodeHash(sibling, hash);
      while (at % 2 === 0 && at !== 0) [at, last] = [half(at), half(last)];
    } else {
      hash = await nodeHash(hash, sibling);
    }
    [at, last] = [half(at), half(last)];
  }
  return last === 0 ? hash : null;
}

const half = (n: number): number => Math.floor(n / 2);

/**
 * Whether the proof shows that the tree of `size` and `root` continues the tree of `older` entries and `olderRoot` (RFC
 * 9162, 2.1.4.2).
 */
export async function isConsistent(
  older: number,
  olderRoot: Bytes,
  size: number,
  root: Bytes,
  proof: Bytes[],
): Promise<boolean> {
  if (older === size) return proof.length === 0 && equal(olderRoot, root);
  if (older <= 0 || older > size) return false;
  const path = Number.isInteger(Math.log2(older)) ? [olderRoot, ...proof] : proof;
  let [at, last] = [older - 1, size - 1];
  while (at % 2 === 1) [at, last] = [half(at), half(last)];
  let first = path[0];
  let second = path[0];
  if (!first || !second) return false;
  for (const hash of path.slice(1)) {
    if (last === 0) return false;
    if (at % 2 === 1 || at === last) {
      [first, second] = [await nodeHash(hash, first), await nodeHash(hash, second)];
      while (at % 2 === 0 && at !== 0) [at, last] = [half(at), half(last)];
    } else {
      second = await nodeHash(second, hash);
    }
    [at, last] = [half(at), half(last)];
  }
  return last === 0 && equal(first, olderRoot) && equal(second, root);
}

/** A subtree: `level` 0 is a leaf; it covers leaves [index · 2^level, (index + 1) · 2^level). */
export interface Spot {
  level: number;
  index: number;
}

/** Reads the hash of a complete subtree. */
export type ReadHash = (spot: Spot) => Promise<Bytes>;

/** The consistency proof from `older` to `size` leaves, computed from the hashes that `read` returns. */
export async function consistencyProof(older: number, size: number, read: ReadHash): Promise<Bytes[]> {
  return older === size ? [] : subProof(older, 0, size, true, read);
}

async function subProof(older: number, start: number, end: number, whole: boolean, read: ReadHash): Promise<Bytes[]> {
  if (older === end - start) return whole ? [] : [await rangeHash(start, end, read)];
  const middle = largestPower(end - start);
  if (older <= middle)
    return [...(await subProof(older, start, start + middle, whole, read)), await rangeHash(start + middle, end, read)];
  return [
    ...(await subProof(older - middle, start + middle, end, false, read)),
    await rangeHash(start, start + middle, read),
  ];
}

/** Largest power of two smaller than n. */
const largestPower = (n: number): number => 2 ** (Math.ceil(Math.log2(n)) - 1);

async function rangeHash(start: number, end: number, read: ReadHash): Promise<Bytes> {
  const count = end - start;
  const level = Math.log2(count);
  if (Number.isInteger(level) && start % count === 0) return read({ level, index: start / count });
  const middle = largestPower(count);
  return nodeHash(await rangeHash(start, start + middle, read), await rangeHash(start + middle, end, read));
}

const WIDTH = 256;
const HEIGHT = 8;
const HASH = 32;

/** Reads hashes from tiles of C2SP tlog-tiles at `base` (without a slash at its end) for a tree of `size`. */
export function tileReader(base: string, size: number, fetchBytes: (address: string) => Promise<Bytes>): ReadHash {
  const tiles = new Map<string, Promise<Bytes>>();
  return async ({ level, index }) => {
    const tileLevel = Math.floor(level / HEIGHT);
    const within = level % HEIGHT;
    const first = index * 2 ** within;
    const number = Math.floor(first / WIDTH);
    const path = `tile/${tileLevel}/${tilePath(number, size, tileLevel)}`;
    const bytes = await (tiles.get(path) ?? remember(tiles, path, fetchBytes(`${base}/${path}`)));
    const from = (first % WIDTH) * HASH;
    return subtree(bytes.slice(from, from + 2 ** within * HASH));
  };
}

function remember<Value>(kept: Map<string, Value>, key: string, value: Value): Value {
  kept.set(key, value);
  return value;
}

function tilePath(number: number, size: number, level: number): string {
  const full = Math.floor(size / WIDTH ** (level + 1));
  const width = Math.floor(size / WIDTH ** level) % WIDTH;
  const digits =
    String(number)
      .padStart(Math.ceil(String(number).length / 3) * 3, "0")
      .match(/.{3}/g) ?? [];
  const name = digits.map((part, i) => (i < digits.length - 1 ? `x${part}` : part)).join("/");
  return number < full ? name : `${name}.p/${width}`;
}

async function subtree(hashes: Bytes): Promise<Bytes> {
  if (hashes.length === HASH) return hashes;
  const middle = hashes.length / 2;
  return nodeHash(await subtree(hashes.slice(0, middle)), await subtree(hashes.slice(middle)));
}

// @vitest-environment node
import { describe, expect, test } from "vitest";

import { concat, equal, fromBase64, fromHex, sha256, toBase64, utf8, type Bytes } from "../record/bytes";
import { compare, readCheckpoint, type Checkpoint } from "../record/checkpoint";
import { checkNote, isCommitted, readKey, readProof, type Key } from "../record/note";
import { consistencyProof, isConsistent, leafHash, rootFromInclusion, tileReader, type Spot } from "../record/tree";
import fixture from "./record.fixture.json";

/** Made by the server's own code, over the entries "entry 0", "entry 1"… */
const roots = fixture.roots as Record<string, string>;
const leaf = (i: number): Promise<Bytes> => leafHash(utf8(`entry ${i}`));

const kept = new Map<string, Bytes>();
async function node({ level, index }: Spot): Promise<Bytes> {
  const key = `${level}/${index}`;
  const known = kept.get(key);
  if (known) return known;
  const hash =
    level === 0
      ? await leaf(index)
      : await sha256(
          new Uint8Array([1]),
          await node({ level: level - 1, index: 2 * index }),
          await node({ level: level - 1, index: 2 * index + 1 }),
        );
  kept.set(key, hash);
  return hash;
}

/** A server of tiles that has exactly those of a tree of `size`. */
const tiles =
  (size: number, asked: string[] = []) =>
  async (address: string): Promise<Bytes> => {
    asked.push(address);
    const match = /^https:\/\/log\/tile\/(\d)\/(\d{3})(?:\.p\/(\d+))?$/.exec(address);
    const [level, number, width] = [Number(match?.[1]), Number(match?.[2]), Number(match?.[3] ?? 256)];
    const there = Math.floor(size / 256 ** level);
    if (!match || (match[3] ? number !== Math.floor(there / 256) || width !== there % 256 : (number + 1) * 256 > there))
      throw new Error(`no tile at ${address}`);
    return concat(
      ...(await Promise.all(
        Array.from({ length: width }, (_, i) => node({ level: level * 8, index: number * 256 + i })),
      )),
    );
  };

describe("inclusion", () => {
  const proof = readProof(fixture.proof);
  const checkpoint = readCheckpoint(fixture.checkpoint);

  test("a proof made by the server leads to the signed root", async () => {
    expect(proof?.index).toBe(123);
    const root = await rootFromInclusion(123, 300, await leaf(123), proof?.path ?? []);
    expect(root && toBase64(root)).toBe(checkpoint?.root);
    expect(checkpoint).toEqual({ origin: "exemple.fr/c/demo/registre", size: 300, root: roots["300"] });
  });

  test("another entry, place, size or path does not", async () => {
    const path = proof?.path ?? [];
    const right = fromBase64(checkpoint?.root ?? "");
    const tries = [
      rootFromInclusion(123, 300, await leaf(124), path),
      rootFromInclusion(122, 300, await leaf(123), path),
      rootFromInclusion(123, 700, await leaf(123), path),
      rootFromInclusion(123, 300, await leaf(123), path.slice(1)),
      rootFromInclusion(123, 300, await leaf(123), [...path, right]),
    ];
    for (const root of await Promise.all(tries)) expect(root && equal(root, right)).not.toBe(true);
    expect(await rootFromInclusion(300, 300, await leaf(300), path)).toBeNull();
  });
});

describe("consistency", () => {
  test("the proof made from tiles is the server's", async () => {
    for (const [pair, hashes] of Object.entries(fixture.consistency)) {
      const [older = 0, size = 0] = pair.split("-").map(Number);
      const proof = await consistencyProof(older, size, tileReader("https://log", size, tiles(size)));
      expect(proof.map(toBase64)).toEqual(hashes);
    }
  });

  test("holds for every pair of sizes, and for no other root", async () => {
    const rootAt = async (size: number): Promise<Bytes> => fromBase64(roots[String(size)] ?? "");
    const sizes = [1, 2, 3, 7, 255, 256, 257, 300, 700];
    for (const older of sizes) {
      for (const size of sizes.filter((each) => each >= older)) {
        const proof = await consistencyProof(older, size, tileReader("https://log", size, tiles(size)));
        expect(await isConsistent(older, await rootAt(older), size, await rootAt(size), proof)).toBe(true);
        expect(await isConsistent(older, await leaf(0x999), size, await rootAt(size), proof)).toBe(false);
        if (size > older)
          expect(await isConsistent(older, await rootAt(older), size, await leaf(0x999), proof)).toBe(false);
      }
    }
  });

  test("asks for no tile twice", async () => {
    const asked: string[] = [];
    await consistencyProof(200, 700, tileReader("https://log", 700, tiles(700, asked)));
    expect(new Set(asked).size).toBe(asked.length);
  });
});

describe("signature", () => {
  test("the note signed by the server is accepted, a changed one is not", async () => {
    const key = (await readKey(fixture.key)) as Key;
    expect(await checkNote(fixture.checkpoint, key)).toBe("valid");
    expect(await checkNote(fixture.checkpoint.replace("\n300\n", "\n301\n"), key)).toBe("invalid");
    expect(await checkNote(fixture.checkpoint, { ...key, name: "autre" })).toBe("invalid");
  });

  test("a key whose hash does not fit is none", async () => {
    expect(await readKey(fixture.key.replace(/\+[0-9a-f]{8}\+/, "+00000000+"))).toBeNull();
    expect(await readKey("")).toBeNull();
  });
});

test("a payload is the committed one, to the letter", async () => {
  const { text, salt, commitment } = fixture.payload;
  expect(await isCommitted(text, fromHex(salt), commitment)).toBe(true);
  expect(await isCommitted(`${text} `, fromHex(salt), commitment)).toBe(false);
});

test("what is no checkpoint or proof is not read as one", () => {
  for (const text of ["", "a\nb\nc", "origine\n12\nzz\n", "origine\n-1\n" + roots["1"]])
    expect(readCheckpoint(text)).toBeNull();
  for (const text of [
    "",
    "c2sp.org/tlog-proof@v1\n\nx",
    fixture.proof.replace("index 123", "index x"),
    fixture.proof.replace("@v1", "@v2"),
  ])
    expect(readProof(text)).toBeNull();
});

test("a remembered state is continued, the same, shorter or changed", () => {
  const at = (size: number, root = "r"): Checkpoint => ({ origin: "o", size, root });
  expect(compare(null, at(1))).toBe("new");
  expect(compare(at(2), at(3))).toBe("longer");
  expect(compare(at(2), at(2))).toBe("same");
  expect(compare(at(2), at(2, "s"))).toBe("changed");
  expect(compare(at(2), at(1))).toBe("shorter");
  expect(compare({ ...at(2), origin: "p" }, at(1))).toBe("new");
});

import { describe, expect, test } from "vitest";

import { Acknowledgement, carriesUpdate } from "../shared/acknowledgement";
import { COLOURS, colourOf, initials } from "../shared/presence";
import { judge, wording, type Situation } from "../shared/saving";
import { readRefusal } from "../shared/sync";

const step1 = new Uint8Array([0, 0, 1, 0]);
const step2 = new Uint8Array([0, 1, 2, 0, 0]);
const update = new Uint8Array([0, 2, 2, 0, 0]);
const awareness = new Uint8Array([1, 1, 0]);

describe("acknowledgement", () => {
  test("only sync frames with an update count", () => {
    expect([step1, step2, update, awareness].map(carriesUpdate)).toEqual([false, true, true, false]);
  });

  test("nothing is stored before our half of the exchange is confirmed", () => {
    const acknowledgement = new Acknowledgement();
    acknowledgement.sent(step1);
    expect(acknowledgement.stored).toBe(false);
    acknowledgement.sent(step2);
    expect(acknowledgement.stored).toBe(false);
    acknowledgement.acknowledged(1);
    expect(acknowledgement.stored).toBe(true);
  });

  test("each edit has to be confirmed, and an older count changes nothing", () => {
    const acknowledgement = new Acknowledgement();
    for (const frame of [step2, update, update]) acknowledgement.sent(frame);
    acknowledgement.acknowledged(2);
    expect(acknowledgement.stored).toBe(false);
    acknowledgement.acknowledged(3);
    acknowledgement.acknowledged(1);
    expect(acknowledgement.stored).toBe(true);
  });

  test("a new connection begins anew", () => {
    const acknowledgement = new Acknowledgement();
    acknowledgement.sent(step2);
    acknowledgement.acknowledged(1);
    acknowledgement.opened();
    expect(acknowledgement.stored).toBe(false);
  });
});

describe("what a person may believe", () => {
  const calm: Situation = {
    writing: true,
    connected: true,
    met: true,
    stored: true,
    unconfirmed: false,
    refused: false,
    ended: false,
  };

  test.each<[Partial<Situation>, string]>([
    [{}, "stored"],
    [{ stored: false }, "waiting"],
    [{ connected: false }, "offline"],
    [{ connected: false, met: false, stored: false }, "connecting"],
    [{ connected: false, met: false, unconfirmed: true }, "offline"],
    [{ refused: true, stored: false }, "refused"],
    [{ refused: true, unconfirmed: true }, "refused"],
    [{ refused: true }, "closed"],
    [{ refused: true, ended: true }, "ended"],
    [{ writing: false, stored: false }, "reading"],
  ])("%o is %s", (change, expected) => expect(judge({ ...calm, ...change })).toBe(expected));

  test("offline promises the device only when it keeps", () => {
    expect(wording("offline", true, true)).toContain("conservé sur cet appareil");
    expect(wording("offline", false, true)).toContain("gardez cette page ouverte");
    expect(wording("stored", true, true)).toBe("Enregistré");
  });
});

test("a refusal is read as JSON, or as plain words", () => {
  expect(readRefusal('{"code":"phase.closed","message":"Close."}')).toEqual({
    code: "phase.closed",
    message: "Close.",
  });
  expect(readRefusal("non").message).toBe("non");
  expect(readRefusal("").message).toContain("refusé");
});

describe("colours", () => {
  const luminance = (hex: string): number => {
    const [r = 0, g = 0, b = 0] = [1, 3, 5]
      .map((at) => parseInt(hex.slice(at, at + 2), 16) / 255)
      .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (a: string, b: string): number => {
    const [dark = 0, light = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
    return (light + 0.05) / (dark + 0.05);
  };

  test.each(COLOURS)("%s carries white letters and stands out on dark and light pages", (colour) => {
    expect(contrast(colour, "#ffffff")).toBeGreaterThanOrEqual(4.5);
    expect(contrast(colour, "#11141b")).toBeGreaterThanOrEqual(3);
  });

  test("neighbours differ, and a person's colour stays", () => {
    expect(colourOf("p3")).toBe(colourOf("p3"));
    expect(new Set(["p1", "p2", "p3", "p4", "p5", "p6", "p7", "p8"].map(colourOf)).size).toBe(8);
    expect(initials("Jean-Pierre Le Gall")).toBe("JP");
  });
});

import { describe, expect, it } from "vitest";
import { shown } from "../shared/countdown";
import { fit } from "../shared/fit";

const at = (time: string): number => Date.parse(`2026-11-01T10:${time}Z`);

function clock(values: Record<string, string>): HTMLElement {
  const place = document.createElement("span");
  Object.assign(place.dataset, values);
  return place;
}

describe("the clock of whoever speaks", () => {
  it("counts down, then beyond the end where it goes on", () => {
    const closes = "2026-11-01T10:02:00Z";
    expect(shown(clock({ closes, beyond: "" }), at("00:30"))).toBe("1:30");
    expect(shown(clock({ closes, beyond: "" }), at("02:12"))).toBe("+0:12");
    expect(shown(clock({ closes }), at("02:12"))).toMatch(/passée|up/u);
  });

  it("counts up without a limit", () => {
    expect(shown(clock({ since: "2026-11-01T10:00:00Z" }), at("01:05"))).toBe("1:05");
  });
});

describe("the screen of the hall", () => {
  /** A stage whose content is as high as `wanted` at the full scale, in a picture of the height 100. */
  function stage(root: HTMLElement, wanted: number): HTMLElement {
    const place = document.createElement("main");
    const scale = (): number => Number(root.style.getPropertyValue("--fit"));
    Object.defineProperty(place, "clientHeight", { get: () => 100 });
    Object.defineProperty(place, "scrollHeight", { get: () => Math.max(100, wanted * scale()) });
    return place;
  }

  it("leaves what has its place as it is", () => {
    const root = document.createElement("div");
    expect(fit(root, stage(root, 90))).toBe(1);
  });

  it("lowers the scale until the content fits, and not below what can be read", () => {
    const root = document.createElement("div");
    const scale = fit(root, stage(root, 150));
    expect(150 * scale).toBeLessThanOrEqual(101);
    expect(150 * scale).toBeGreaterThan(90);
    expect(fit(root, stage(root, 9000))).toBe(0.4);
  });
});

import { expect, test } from "vitest";

import { standingOf } from "../editor/kept";

const page = (attributes: string): Document =>
  new DOMParser().parseFromString(`<div data-document="motion-1" ${attributes}></div>`, "text/html");

const islandOf = (attributes: string): DOMStringMap =>
  (page(attributes).querySelector("[data-document]") as HTMLElement).dataset;

test("a kept page speaks to the server only as the same build for the same person who writes", () => {
  const kept = islandOf('data-person="p1" data-build="a" data-kept');
  expect(standingOf(kept, page('data-person="p1" data-build="a"'))).toBe("current");
  expect(standingOf(kept, page('data-person="p1" data-build="b"'))).toBe("outdated");
  expect(standingOf(kept, page('data-person="p1" data-build="a" data-readonly'))).toBe("outdated");
  expect(standingOf(kept, page('data-person="" data-build="a"'))).toBe("ended");
  expect(standingOf(kept, null)).toBe("ended");
});

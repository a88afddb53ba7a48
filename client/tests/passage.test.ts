import { expect, test } from "vitest";

import { findPassage } from "../testimony/passage";

const SOURCE = "La fibre **s'arrête** au bourg ; pourquoi ?\n\nOn nous promet *2027*.";

test.each([
  ["s’arrête au bourg", "s'arrête** au bourg"],
  ["au bourg\u202f; pourquoi\u202f?", "au bourg ; pourquoi ?"],
  ["pourquoi ?\nOn nous", "pourquoi ?\n\nOn nous"],
  ["promet 2027.", "promet *2027*."],
])("%s", (selected, passage) => {
  expect(findPassage(SOURCE, selected)).toBe(passage);
  expect(SOURCE).toContain(passage);
});

test("words that are not there are not found", () => {
  expect(findPassage(SOURCE, "la 4G")).toBeNull();
  expect(findPassage(SOURCE, "  ")).toBeNull();
});

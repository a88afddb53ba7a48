import { expect, test } from "vitest";

import { readMaps, searchIdeas } from "../shared/testimonies";

const [map] = readMaps({
  maps: [
    {
      title: "Carte",
      nodes: [
        { text: "Mobilité", depth: 0, excerpts: [] },
        { text: "Car", depth: 1, excerpts: [3] },
        { text: "Train", depth: 1, excerpts: [] },
        { text: "Santé", depth: 0, excerpts: [4] },
      ],
    },
  ],
});

test("an idea is found with those above it, which say where it stands", () => {
  const found = (words: string): string[] =>
    searchIdeas(map?.ideas ?? [], ({ text }) => text.includes(words)).map(({ text }) => text);
  expect(found("Car")).toEqual(["Mobilité", "Car"]);
  expect(found("Mobilité")).toEqual(["Mobilité"]);
  expect(found("Santé")).toEqual(["Santé"]);
  expect(found("")).toHaveLength(4);
});

test("whatever is no map is none", () => {
  expect(readMaps({})).toEqual([]);
  expect(readMaps({ maps: [{}] })).toEqual([{ title: "", ideas: [] }]);
});

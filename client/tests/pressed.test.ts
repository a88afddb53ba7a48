import { expect, test } from "vitest";

import { wordAt } from "../reading/pressed";

function passage(html: string): HTMLElement {
  const root = document.createElement("div");
  root.innerHTML = html;
  return root;
}

/** The text node that holds these words, and where they begin in it. */
function place(within: HTMLElement, words: string, nth = 0): { node: Node; offset: number } {
  const walker = document.createTreeWalker(within, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    let offset = -1;
    for (let n = 0; n <= nth; n++) offset = (node.textContent ?? "").indexOf(words, offset + 1);
    if (offset >= 0) return { node, offset };
  }
  throw new Error(`no ${words}`);
}

const CAR = "<p>Un car, un <strong>autre</strong> car<sup class='appel'><a href='#'>12</a></sup>.</p><p>Car l’élu paie 12 euros.</p>";

test.each([
  ["car", 0, 1, { word: "car", nth: 1 }],
  ["autre", 0, 5, { word: "autre", nth: 1 }],
  [" car", 0, 1, { word: "car", nth: 1 }],
  ["Car", 0, 0, { word: "Car", nth: 3 }],
  ["élu", 0, 1, { word: "élu", nth: 1 }],
])("%s (%i) at %i", (words, nth, into, expected) => {
  const within = passage(CAR);
  const { node, offset } = place(within, words, nth);
  expect(wordAt(within, node, offset + into)).toEqual(expected);
});

test("the calls of notes are no words of the text, and do not count", () => {
  const within = passage(CAR);
  const call = within.querySelector("sup a")?.firstChild;
  expect(call && wordAt(within, call, 1)).toBeNull();
  const { node, offset } = place(within, "12 euros");
  expect(wordAt(within, node, offset)).toEqual({ word: "12", nth: 1 });
});

test("beside words there is none, nor outside of the passage", () => {
  const within = passage("<p>Un car . Un</p>");
  const { node, offset } = place(within, " . ");
  expect(wordAt(within, node, offset + 2)).toBeNull();
  expect(wordAt(within, document.createTextNode("car"), 1)).toBeNull();
});

import { EditorState } from "prosemirror-state";
import { EditorView } from "prosemirror-view";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { standUnder } from "../editor/clauses";
import { clauseDecorations } from "../editor/decorations";
import { followNumbers } from "../editor/numbers";
import { Testimonies } from "../shared/testimonies";
import { motion } from "./motion";

/** An EventSource that a test drives by hand. */
class Source {
  static opened: Source[] = [];
  onmessage: ((event: { data: string; lastEventId: string }) => void) | null = null;

  constructor(readonly address: URL) {
    Source.opened.push(this);
  }

  close(): void {
    Source.opened = Source.opened.filter((one) => one !== this);
  }
}

let view: EditorView;
const labels = (): (string | undefined)[] =>
  [...view.dom.querySelectorAll<HTMLElement>("[data-clause]")].map(({ dataset }) => dataset["label"]);

function tell(numbers: Record<string, string> | null): void {
  const holder = document.createElement("span");
  holder.dataset["numbers"] = numbers ? JSON.stringify(numbers) : "";
  const data = JSON.stringify({ seq: 9, topic: "numeros-2", html: holder.outerHTML });
  Source.opened[0]?.onmessage?.({ data, lastEventId: "9" });
}

beforeEach(() => {
  vi.stubGlobal("EventSource", Source);
  const doc = motion("demande|a|Un.", "demande|b|Deux.", "demande|c|Trois.");
  const plugins = [clauseDecorations(new Testimonies("", ""), true)];
  view = new EditorView(document.body, { state: EditorState.create({ doc, plugins }) });
});
afterEach(() => {
  view.destroy();
  standUnder({});
  vi.unstubAllGlobals();
});

test("a tab open since before the freeze shows the numbers of the debate at once, and positions when reopened (A45)", async () => {
  followNumbers(view, "motion-2", { live: "/c/demo/direct", since: "7" });
  await Promise.resolve();
  expect(Source.opened.map(({ address }) => address.search)).toEqual(["?sujets=numeros-2&depuis=7"]);
  expect(labels()).toEqual(["Demande 1", "Demande 2", "Demande 3"]);
  tell({ a: "1", b: "1 bis", c: "3" });
  expect(labels()).toEqual(["Demande 1", "Demande 1 bis", "Demande 3"]);
  tell(null);
  expect(labels()).toEqual(["Demande 1", "Demande 2", "Demande 3"]);
});

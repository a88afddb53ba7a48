import { EditorState, type Transaction } from "prosemirror-state";
import { expect, test } from "vitest";

import { adoptedWords, originsOf } from "../amend/adopted";
import { clauseOf, contentOf, titleOf } from "../amend/documents";
import { stateOf } from "../amend/keeping";
import { changesIn, mountAmendment, replaceAll, restoring } from "../amend/surface";
import { reworded, textOf, tokensOf } from "../amend/tokens";
import type { Node } from "prosemirror-model";
import type { EditorView } from "prosemirror-view";

/** A clause of paragraphs; "*word*" is emphasised, "- " begins an item, "[^3]" cites. */
function passage(...lines: string[]): Node {
  const words = (line: string): unknown[] =>
    line
      .split(/(\*[^*]+\*|\[\^\d+\])/)
      .filter((part) => part)
      .map((part) => {
        if (part.startsWith("[^")) return { type: "citation", attrs: { excerpt: part.slice(2, -1) } };
        if (part.startsWith("*")) return { type: "text", marks: [{ type: "em" }], text: part.slice(1, -1) };
        return { type: "text", text: part };
      });
  const paragraph = (line: string): unknown =>
    line ? { type: "paragraph", content: words(line) } : { type: "paragraph" };
  const blocks: unknown[] = [];
  for (const line of lines) {
    if (!line.startsWith("- ")) blocks.push(paragraph(line));
    else {
      const item = { type: "list_item", content: [paragraph(line.slice(2))] };
      const last = blocks.at(-1) as { type: string; content: unknown[] } | undefined;
      if (last?.type === "bullet_list") last.content.push(item);
      else blocks.push({ type: "bullet_list", content: [item] });
    }
  }
  return clauseOf(JSON.stringify(blocks), "demande") as Node;
}

const said = (before: Node, now: Node): [string, string][] =>
  reworded(tokensOf(before), now).map(({ gone, come }) => [textOf(gone), textOf(come)]);

test.each<[string, Node, Node, [string, string][]]>([
  ["a word", passage("la fibre partout"), passage("la fibre ici"), [["partout", "ici"]]],
  ["emphasis", passage("la fibre"), passage("la *fibre*"), [["fibre", "fibre"]]],
  ["a citation", passage("la fibre [^3] ;"), passage("la fibre ;"), [["[^3] ", ""]]],
  ["a new paragraph", passage("un deux"), passage("un", "deux"), [[" ", "¶"]]],
  ["a paragraph less", passage("un", "deux"), passage("un deux"), [["¶", " "]]],
  ["a list", passage("un"), passage("un", "- deux"), [["", "¶deux"]]],
  ["a title", titleOf("Pour tous"), titleOf("Pour chacun"), [["tous", "chacun"]]],
  ["nothing", passage("un", "- deux", "- trois"), passage("un", "- deux", "- trois"), []],
])("tells what changed: %s", (_name, before, now, expected) => expect(said(before, now)).toEqual(expected));

function mounted(before: Node, now: Node): EditorView {
  const place = document.createElement("div");
  const nothing = (): void => undefined;
  return mountAmendment({ place, before, now, label: "Demande 1", changed: nothing, openCitations: nothing });
}

test.each<[Node, Node, number]>([
  [passage("la fibre partout, et vite"), passage("la 5G ici, vite et bien"), 0],
  [passage("un", "deux trois", "- quatre"), passage("un deux", "trois"), 0],
  [passage("un [^3] deux"), passage("deux *trois*"), 0],
  [passage("un"), passage(""), 0],
  [passage("- un", "- deux"), passage("un", "- deux et demi"), 1],
])("each change is undone alone, but for paragraphs that became a list (%#)", (before, now, rest) => {
  const view = mounted(before, now);
  const next = (): Transaction | undefined =>
    changesIn(view.state)
      .map((change) => restoring(view.state, before, change))
      .find((step) => step !== null) ?? undefined;
  for (let step = next(); step; step = next()) {
    const left = changesIn(view.state).length;
    view.dispatch(step);
    expect(changesIn(view.state).length).toBeLessThan(left);
  }
  expect(changesIn(view.state)).toHaveLength(rest);
});

test("what was deleted stays in sight without being part of the text", () => {
  const view = mounted(passage("la fibre partout"), passage("la fibre"));
  expect(view.dom.querySelector("del.gone")?.textContent).toBe(" partout");
  expect(view.state.doc.textContent).toBe("la fibre");
  replaceAll(view, passage("la fibre partout"));
  expect(view.dom.querySelector("del, ins")).toBeNull();
});

test("a passage goes through JSON unchanged, and what is none is refused", () => {
  const content = contentOf(passage("la *fibre* [^3]", "- un", "- deux"));
  expect(contentOf(clauseOf(content, "visa") as Node)).toBe(content);
  for (const wrong of ["", "{", "7", "null", '[{"type":"heading"}]', '[{"type":"text","text":"a"}]'])
    expect(clauseOf(wrong, "visa")).toBeNull();
  expect(EditorState.create({ doc: clauseOf("[]", "visa") as Node }).doc.textContent).toBe("");
});

test("nothing is said to be kept that is not", () => {
  expect(stateOf(false, null, false)).toBe("untouched");
  expect(stateOf(true, null, true)).toBe("keeping");
  expect(stateOf(true, true, true)).toBe("kept");
  expect(stateOf(true, false, true)).toBe("unkept");
  expect(stateOf(true, true, false)).toBe("offline");
  expect(stateOf(true, false, false)).toBe("offlineUnkept");
});

const versions = (...steps: [number[], Node][]): { by: number[]; words: string }[] =>
  steps.map(([by, doc]) => ({ by, words: contentOf(doc) }));

test("words that were adopted are marked with their amendment, as long as they stand, and are not in what is sent (A50)", () => {
  const before = passage("Ouvrir quatre guichets mobiles", "par canton.");
  const steps = versions(
    [[], passage("Ouvrir trois guichets", "par canton.")],
    [[3], passage("Ouvrir quatre guichets", "par canton.")],
    [[5, 7], before],
  );
  const place = document.createElement("div");
  const nothing = (): void => undefined;
  const adopted = adoptedWords(before, originsOf(steps, (words) => clauseOf(words, "demande")));
  const view = mountAmendment({ place, before, now: before, label: "", adopted, changed: nothing, openCitations: nothing });
  const marks = (): string[][] =>
    [...view.dom.querySelectorAll<HTMLElement>("mark.adopted")].map((one) => [one.textContent, one.title]);
  const [third, both] = ["Adopté\u00a0: amendement n° 3", "Adopté\u00a0: amendements n° 5, 7"];
  expect(marks()).toEqual([["quatre", third], ["mobiles", both]]);
  replaceAll(view, passage("Ouvrir enfin quatre guichets fixes", "par canton."));
  expect(marks()).toEqual([["quatre", third]]);
  expect(contentOf(view.state.doc)).toBe(contentOf(passage("Ouvrir enfin quatre guichets fixes", "par canton.")));
  replaceAll(view, before);
  expect(marks()).toHaveLength(2);
});

test("a passage that an adopted amendment brought is marked as a whole; words that do not match are not marked", () => {
  const before = passage("Publier un bilan.");
  const read = (words: string): Node | null => clauseOf(words, "demande");
  const origins = originsOf(versions([[], passage("")], [[2], before]), read);
  expect(origins.length).toBe(tokensOf(before).length);
  expect(origins.every((by) => by.join() === "2")).toBe(true);
  expect(originsOf([{ by: [2], words: "no JSON" }], read)).toEqual([]);
});

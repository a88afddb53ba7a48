import { DOMSerializer } from "prosemirror-model";
import { EditorState, TextSelection } from "prosemirror-state";
import { describe, expect, test } from "vitest";

import { corrections, recordableInput } from "../editor/recordable";
import { schema } from "../editor/schema";
import { recordable } from "../shared/characters";
import fixture from "./characters.fixture.json";
import { Headless } from "./headless";
import { motion, written } from "./motion";

test.each(fixture as [string, string][])("%j is recorded as %j, as the server has it", (typed, kept) => {
  expect(recordable(typed)).toBe(kept);
  expect(recordable(kept)).toBe(kept);
});

describe("in an editor", () => {
  /** Types letters at the end of the first clause, in pieces. */
  function typed(start: string, ...pieces: string[]): Headless {
    const plugins = [recordableInput()];
    const editor = new Headless(EditorState.create({ doc: motion(`visa|a|${start}`), plugins }), plugins);
    const end = editor.state.doc.content.size - 2;
    editor.dispatch(editor.state.tr.setSelection(TextSelection.create(editor.state.doc, end)));
    for (const piece of pieces) editor.dispatch(editor.state.tr.insertText(piece));
    return editor;
  }

  test("letters and accents that come apart are one, and the cursor stays behind them", () => {
    const { state } = typed("L’", "e", "\u0301", "t", "e", "\u0301");
    expect(written(state.doc)).toEqual(["visa|a|L’été"]);
    expect(state.selection.$from.parentOffset).toBe(5);
  });

  test("strays go wherever they come from, with what is around them left alone", () => {
    expect(written(typed("Vu", " la\u200b loi\u00ad", "\ufeff ;").state.doc)).toEqual(["visa|a|Vu la loi ;"]);
  });

  test("words of others are left as they are", () => {
    const { state } = typed("re\u0301cit ancien de", "u\u0308 x");
    expect(written(state.doc)).toEqual(["visa|a|re\u0301cit ancien deü x"]);
  });

  test("marks stay", () => {
    const doc = motion("visa|a|x");
    const bold = doc.type.schema.text("e\u0301te\u0301", [schema.marks.strong.create()]);
    const state = EditorState.create({ doc, plugins: [recordableInput()] });
    const { doc: after } = state.apply(state.tr.replaceWith(doc.content.size - 2, doc.content.size - 2, bold));
    const holder = document.createElement("div");
    holder.append(DOMSerializer.fromSchema(schema).serializeFragment(after.content));
    expect(holder.querySelector("strong")?.textContent).toBe("été");
    expect(corrections(after, 0, after.content.size)).toEqual([]);
  });
});

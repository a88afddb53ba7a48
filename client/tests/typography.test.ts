import { EditorState, TextSelection } from "prosemirror-state";
import { EditorView } from "prosemirror-view";
import { afterEach, describe, expect, test } from "vitest";
import { initProseMirrorDoc, undoCommand, ySyncPlugin, yUndoPlugin } from "y-prosemirror";
import * as Y from "yjs";

import { schema } from "../editor/schema";
import { NARROW, takeBackHelp, typeset, typography, WIDE } from "../editor/typography";
import { motion, written } from "./motion";
import { sharedText } from "./replicas";

/** What stands after typing the letters one by one. */
const typed = (letters: string): string =>
  [...letters].reduce((text, letter) => typeset(text + letter) ?? text + letter, "");

test.each([
  ["Pourquoi?", `Pourquoi${NARROW}?`],
  ["Pourquoi ?", `Pourquoi${NARROW}?`],
  ["Oui!!", `Oui${NARROW}!!`],
  ["territoriales;", `territoriales${NARROW};`],
  ["l'État demande:", `l’État demande${WIDE}:`],
  ["https://exemple.fr", "https://exemple.fr"],
  ["à 12:30", "à 12:30"],
  ['dit "oui" deux fois', `dit «${WIDE}oui${WIDE}» deux fois`],
  ['("oui")', `(«${WIDE}oui${WIDE}»)`],
  ["<<oui>>", `«${WIDE}oui${WIDE}»`],
  ["« oui »", `«${WIDE}oui${WIDE}»`],
  ["et puis...", "et puis…"],
  ["aujourd'hui", "aujourd’hui"],
  ["'seul'", "'seul’"],
])("%s", (letters, expected) => expect(typed(letters)).toBe(expected));

describe("help while typing", () => {
  let view: EditorView;
  afterEach(() => view.destroy());

  function open(wanted: boolean, clause = "visa|a|"): void {
    const shared = new Y.Doc();
    Y.applyUpdate(shared, sharedText(motion(clause)));
    const fragment = shared.getXmlFragment("prosemirror");
    const { doc, mapping } = initProseMirrorDoc(fragment, schema);
    const plugins = [ySyncPlugin(fragment, { mapping }), yUndoPlugin(), typography(() => wanted)];
    view = new EditorView(null, { state: EditorState.create({ doc, plugins }), handleScrollToSelection: () => true });
    view.dispatch(view.state.tr.setSelection(TextSelection.atEnd(view.state.doc)));
  }

  function type(letters: string): void {
    for (const letter of letters) {
      const { from, to } = view.state.selection;
      const handled = view.someProp("handleTextInput", (handle) => handle(view, from, to, letter, () => view.state.tr));
      if (!handled) view.dispatch(view.state.tr.insertText(letter, from, to));
    }
  }

  const text = (): string => written(view.state.doc)[0] ?? "";

  test("one undo takes back the help and leaves what was typed", () => {
    open(true);
    type("Oui!");
    expect(text()).toBe(`visa|a|Oui${NARROW}!`);
    undoCommand(view.state, view.dispatch);
    expect(text()).toBe("visa|a|Oui!");
  });

  test("so does Backspace right after it, but not later", () => {
    open(true);
    type("Oui!");
    expect(takeBackHelp(view.state, view.dispatch, view)).toBe(true);
    expect(text()).toBe("visa|a|Oui!");
    expect(takeBackHelp(view.state, view.dispatch, view)).toBe(false);
    type(" Non?x");
    expect(takeBackHelp(view.state, view.dispatch, view)).toBe(false);
  });

  test("who does not want it types as they type; the opening word still says the kind", () => {
    open(false);
    type('Considérant que "oui"!');
    expect(text()).toBe('considerant|a|Considérant que "oui"!');
  });
});

import type { Node } from "prosemirror-model";
import { Plugin, PluginKey, TextSelection, type EditorState, type Transaction } from "prosemirror-state";
import { Decoration, DecorationSet, type EditorView } from "prosemirror-view";

import { announce } from "../shared/announce";
import { element } from "../shared/element";
import { takeFocus } from "../shared/focus";
import { say } from "../shared/language";
import { closeUndoStep } from "./history";

export interface Wanted {
  words: string;
  /** "ecole" also finds "école". */
  accents: boolean;
  /** "Vu" does not find "vu". */
  exactCase: boolean;
  wholeWords: boolean;
}

export interface Match {
  from: number;
  to: number;
}

/** All matches, in order; none crosses paragraphs, citations or line breaks. */
export function findAll(doc: Node, wanted: Wanted): Match[] {
  const needle = foldedWith(wanted.words, wanted).text;
  if (!needle) return [];
  const found: Match[] = [];
  doc.descendants((node, pos) => {
    if (!node.isTextblock) return true;
    const text = node.textBetween(0, node.content.size, undefined, "\ufffc");
    for (const [from, to] of places(text, needle, wanted)) found.push({ from: pos + 1 + from, to: pos + 1 + to });
    return false;
  });
  return found;
}

function places(text: string, needle: string, wanted: Wanted): [number, number][] {
  const folded = foldedWith(text, wanted);
  const found: [number, number][] = [];
  for (let at = folded.text.indexOf(needle); at >= 0; at = folded.text.indexOf(needle, at + needle.length)) {
    const from = folded.starts[at] ?? 0;
    const to = folded.starts[at + needle.length] ?? text.length;
    const whole = !wanted.wholeWords || (!isWord(text[from - 1]) && !isWord(text[to]));
    if (whole) found.push([from, to]);
  }
  return found;
}

const isWord = (letter: string | undefined): boolean => letter !== undefined && /[\p{L}\p{N}]/u.test(letter);

/** The normalised text, and for each of its letters the position in the original. */
function foldedWith(text: string, { accents, exactCase }: Wanted): { text: string; starts: number[] } {
  let folded = "";
  const starts: number[] = [];
  let at = 0;
  for (const letter of text) {
    let plain = letter
      .replace(/[\u00a0\u202f\u2009]/, " ")
      .replace(/[’ʼ]/, "'")
      .replace(/[\u2010\u2011]/, "-");
    if (accents) plain = plain.normalize("NFD").replace(/\p{M}/gu, "").replace("œ", "oe").replace("Œ", "OE");
    if (!exactCase) plain = plain.toLowerCase();
    for (let i = 0; i < plain.length; i += 1) starts.push(at);
    folded += plain;
    at += letter.length;
  }
  return { text: folded, starts: [...starts, text.length] };
}

/** Replaces all matches in one step. */
export function replaceAll(state: EditorState, matches: readonly Match[], words: string): Transaction {
  const { tr } = state;
  for (const { from, to } of [...matches].reverse()) replaceIn(tr, { from, to }, words);
  return tr;
}

/** Replaces one match; the new words get the marks of its first letter. */
function replaceIn(tr: Transaction, { from, to }: Match, words: string): void {
  if (!words) return void tr.delete(from, to);
  const marks = tr.doc.resolve(from).marksAcross(tr.doc.resolve(to)) ?? [];
  tr.replaceWith(from, to, tr.doc.type.schema.text(words, marks));
}

interface Finding {
  wanted: Wanted | null;
  matches: Match[];
  current: number;
}

const NOTHING: Finding = { wanted: null, matches: [], current: -1 };
const key = new PluginKey<Finding>("find");

/** A plugin that highlights the matches. */
export const finding = (): Plugin =>
  new Plugin<Finding>({
    key,
    state: {
      init: () => NOTHING,
      apply: (tr, before) => {
        const news = tr.getMeta(key) as Finding | undefined;
        if (news) return news;
        if (!tr.docChanged || !before.wanted) return before;
        const matches = findAll(tr.doc, before.wanted);
        return { ...before, matches, current: Math.min(before.current, matches.length - 1) };
      },
    },
    props: {
      decorations: (state) => {
        const { matches, current } = key.getState(state) ?? NOTHING;
        return DecorationSet.create(
          state.doc,
          matches.map(({ from, to }, i) =>
            Decoration.inline(from, to, { class: i === current ? "found found--current" : "found" }),
          ),
        );
      },
    },
  });

const messages = {
  title: say("Chercher et remplacer", "Find and replace"),
  find: say("Chercher", "Find"),
  replace: say("Remplacer par", "Replace with"),
  next: say("Suivant", "Next"),
  previous: say("Précédent", "Previous"),
  one: say("Remplacer", "Replace"),
  all: say("Tout remplacer", "Replace all"),
  accents: say("Accents indifférents", "Ignore accents"),
  exactCase: say("Respecter la casse", "Match case"),
  whole: say("Mots entiers", "Whole words"),
  close: say("Fermer", "Close"),
  none: say("Introuvable", "Not found"),
  place: (current: number, count: number): string => say(`${current} sur ${count}`, `${current} of ${count}`),
  replaced: (count: number): string =>
    count > 1
      ? say(`${count} remplacements. Ctrl+Z les annule.`, `${count} replacements. Ctrl+Z undoes them.`)
      : say(`${count} remplacement.`, `${count} replacement.`),
};

/** The find and replace bar below the toolbar. */
export class FindBar {
  readonly element: HTMLFormElement;
  #words = field(messages.find);
  #with = field(messages.replace);
  #accents = checkbox(messages.accents, true);
  #exactCase = checkbox(messages.exactCase, false);
  #whole = checkbox(messages.whole, false);
  #count = element("output", { class: "find__count", "aria-live": "polite" });

  constructor(
    private readonly view: EditorView,
    mayReplace: boolean,
  ) {
    const button = (words: string, run: () => void, kind = "button"): HTMLElement =>
      element("button", { type: kind, class: "find__button", click: run }, words);
    this.element = element(
      "form",
      {
        class: "find",
        hidden: true,
        role: "search",
        "aria-label": messages.title,
        submit: (event: Event) => {
          event.preventDefault();
          this.#go(1);
        },
        input: () => this.#seek(),
        keydown: (event: KeyboardEvent) => this.#key(event),
      },
      element(
        "div",
        { class: "find__row" },
        this.#words.holder,
        this.#count,
        button(messages.previous, () => this.#go(-1)),
        element("button", { type: "submit", class: "find__button" }, messages.next),
      ),
      mayReplace
        ? element(
            "div",
            { class: "find__row" },
            this.#with.holder,
            button(messages.one, () => this.#replaceOne()),
            button(messages.all, () => this.#replaceAll()),
          )
        : null,
      element(
        "div",
        { class: "find__row" },
        this.#accents.holder,
        this.#exactCase.holder,
        this.#whole.holder,
        button(messages.close, () => this.close()),
      ),
    );
  }

  /** Opens the bar and searches for the selected words. */
  open(): void {
    const { from, to } = this.view.state.selection;
    const chosen = this.view.state.doc.textBetween(from, to, "\n");
    if (chosen && !chosen.includes("\n") && chosen.length < 80) this.#words.input.value = chosen;
    this.element.hidden = false;
    this.#seek(from);
    takeFocus(this.#words.input);
    this.#words.input.select();
  }

  close(): void {
    this.element.hidden = true;
    this.#tell(NOTHING);
    this.view.focus();
  }

  /** Updates the count after the text changed. */
  update(): void {
    if (!this.element.hidden) this.#say(this.#state);
  }

  get #state(): Finding {
    return key.getState(this.view.state) ?? NOTHING;
  }

  #key(event: KeyboardEvent): void {
    if (event.key === "Escape") {
      event.stopPropagation();
      this.close();
    } else if (event.key === "Enter" && event.shiftKey) {
      event.preventDefault();
      this.#go(-1);
    }
  }

  #seek(from = this.view.state.selection.from): void {
    const wanted = {
      words: this.#words.input.value,
      accents: this.#accents.input.checked,
      exactCase: this.#exactCase.input.checked,
      wholeWords: this.#whole.input.checked,
    };
    const matches = findAll(this.view.state.doc, wanted);
    const next = matches.findIndex((match) => match.from >= from);
    this.#tell({ wanted, matches, current: next >= 0 ? next : matches.length - 1 });
    this.#show();
  }

  #go(step: 1 | -1): void {
    const { matches, current } = this.#state;
    if (!matches.length) return this.#seek();
    this.#tell({ ...this.#state, current: (current + step + matches.length) % matches.length });
    this.#show();
  }

  #tell(news: Finding): void {
    this.view.dispatch(this.view.state.tr.setMeta(key, news));
    this.#say(news);
  }

  #say({ wanted, matches, current }: Finding): void {
    const words = matches.length ? messages.place(current + 1, matches.length) : messages.none;
    this.#count.textContent = wanted?.words ? words : "";
  }

  /** Selects the current match, so that the cursor stays there when the bar is closed. */
  #show(): void {
    const { matches, current } = this.#state;
    const at = matches[current];
    if (!at) return;
    const { state } = this.view;
    this.view.dispatch(state.tr.setSelection(TextSelection.create(state.doc, at.from, at.to)));
    this.view.dom.querySelector(".found--current")?.scrollIntoView({ block: "center" });
  }

  #replaceOne(): void {
    const { matches, current } = this.#state;
    const at = matches[current];
    if (!at) return;
    this.#replace([at]);
    this.#seek(at.from + this.#with.input.value.length);
  }

  #replaceAll(): void {
    const { matches } = this.#state;
    if (!matches.length) return;
    this.#replace(matches);
    announce(messages.replaced(matches.length), true);
  }

  #replace(matches: readonly Match[]): void {
    closeUndoStep(this.view.state);
    this.view.dispatch(replaceAll(this.view.state, matches, this.#with.input.value));
    closeUndoStep(this.view.state);
  }
}

interface Field {
  holder: HTMLElement;
  input: HTMLInputElement;
}

function field(name: string): Field {
  const input = element("input", { type: "text", class: "find__field", autocomplete: "off", spellcheck: "false" });
  return { input, holder: element("label", { class: "find__label" }, element("span", {}, name), input) };
}

function checkbox(name: string, checked: boolean): Field {
  const input = element("input", { type: "checkbox", checked });
  return { input, holder: element("label", { class: "find__option" }, input, name) };
}

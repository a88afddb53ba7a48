import type { Node } from "prosemirror-model";
import type { EditorView } from "prosemirror-view";

import { adoptedWords, originsOf, type Step } from "../amend/adopted";
import { clauseOf, contentOf, titleOf } from "../amend/documents";
import { keeping } from "../amend/keeping";
import * as messages from "../amend/messages";
import { sentence } from "../amend/sentence";
import { summary } from "../amend/summary";
import { changesIn, mountAmendment, replaceAll } from "../amend/surface";
import { amendmentTools } from "../amend/tools";
import { cite } from "../editor/commands";
import { linkForm } from "../editor/link";
import { pasteAsText } from "../pasting/field";
import { announce } from "../shared/announce";
import { element } from "../shared/element";
import { TestimonyPanel } from "../shared/panel";
import { SidePanel } from "../shared/side";
import { Testimonies } from "../shared/testimonies";

type Field = HTMLTextAreaElement | HTMLInputElement;

/** Conversion between the words of a form and the editor's document. */
interface Words {
  /** The field that is sent and stored as a draft. */
  field: Field;
  read: (value: string) => Node | null;
  write: (doc: Node) => string;
}

/** Replaces the plain field by the editor; the form is still what is sent. */
function start(form: HTMLFormElement): void {
  const { aim = "", kind = "", label = "", before: frozen = "", now: begun = "" } = form.dataset;
  const plain = form.elements.namedItem("text");
  const words = aim === "title" ? titleWords(plain) : clauseWords(form, kind);
  const before = words?.read(frozen);
  if (!words || !before || !isField(plain)) return;
  if (words.field !== plain && plain.value !== plain.defaultValue) return; // somebody was faster than the network
  const doc = words.read(words.field.value) ?? words.read(begun) ?? before;
  const state = keeping(form);
  const surface = element("div", { class: "amend__page" });
  const updates: (() => void)[] = [];
  let written = words.field.value;
  const changed = (view: EditorView): void => {
    const value = words.write(view.state.doc);
    if (value !== written) {
      words.field.value = written = value;
      words.field.dispatchEvent(new Event("input", { bubbles: true }));
      state.wrote(changesIn(view.state).length > 0);
    }
    updates.forEach((update) => update());
  };
  const steps = JSON.parse(form.dataset["adopted"] ?? "[]") as Step[];
  const adopted = steps.length ? adoptedWords(before, originsOf(steps, words.read)) : null;
  const view = mountAmendment({ place: surface, before, now: doc, label, adopted, changed, openCitations });
  const testimonies = new Testimonies(form.dataset["testimonies"] ?? "", form.dataset["slug"] ?? "");
  const panel = new TestimonyPanel(testimonies, (excerpt) => {
    cite(String(excerpt.number))(view.state, view.dispatch);
    view.focus();
  });
  const side = new SidePanel(() => view.focus());
  side.add(panel);
  function openCitations(): void {
    side.open(panel.id);
    panel.focus();
  }
  const link = linkForm(view);
  const reset = (): void => {
    replaceAll(view, before);
    view.focus();
    announce(messages.resetDone);
  };
  const acts = { cite: openCitations, link: link.open, reset };
  const tools = amendmentTools(view, acts, aim === "insert" ? messages.erase : messages.reset);
  const told = summary(view, before, label);
  const said = sentence(form);
  told.element.prepend(said.element);
  updates.push(tools.update, told.update, said.update);
  words.field.addEventListener("input", () => {
    if (words.field.value === written) return;
    written = words.field.value;
    replaceAll(view, words.read(written) ?? words.read(begun) ?? before);
  });
  const bar = element("div", { class: "amend__tools" }, state.element, tools.element, link.element);
  const work = element("div", { class: "amend__work" }, bar, surface, help(aim));
  furnish(form, plain, element("div", { class: "amend" }, work, told.element, side.element));
  state.wrote(changesIn(view.state).length > 0);
  if (changesIn(view.state).length) said.update();
  if (changesIn(view.state).length) form.dispatchEvent(new CustomEvent("drafted", { detail: written !== "" }));
  tools.update();
  for (const each of form.elements) if (each instanceof HTMLTextAreaElement && each !== plain) pasteAsText(each);
  view.dom.addEventListener("keydown", (event) => {
    if (event.key !== "F10") return;
    event.preventDefault();
    tools.element.querySelector<HTMLElement>("[tabindex='0']")?.focus();
  });
}

/** Hides the plain field. The editor is outside of the form, so that its own fields are not sent. */
function furnish(form: HTMLFormElement, plain: Field, editor: HTMLElement): void {
  const holder = plain.closest<HTMLElement>(".words, .field");
  if (holder) holder.hidden = true;
  plain.required = false;
  if (form.dataset["aim"] !== "title") plain.disabled = true;
  form.before(editor);
}

function help(aim: string): HTMLElement {
  const [first, rest] =
    aim === "title"
      ? [messages.titleHelp, ""]
      : [aim === "insert" ? messages.insertHelp : messages.help, messages.keysHelp];
  const keys = element("span", { class: "keys" }, rest);
  return element("p", { class: "editor__help", id: "amend-help" }, `${first} `, keys);
}

const isField = (each: unknown): each is Field =>
  each instanceof HTMLTextAreaElement || each instanceof HTMLInputElement;

const titleWords = (field: unknown): Words | null =>
  isField(field) ? { field, read: titleOf, write: (doc) => doc.textContent } : null;

function clauseWords(form: HTMLFormElement, kind: string): Words | null {
  const field = form.elements.namedItem("contenu");
  const read = (value: string): Node | null => (value ? clauseOf(value, kind) : null);
  return isField(field) ? { field, read, write: contentOf } : null;
}

for (const form of document.querySelectorAll<HTMLFormElement>("form[data-island=amend]")) start(form);

import type { Node } from "prosemirror-model";
import { initProseMirrorDoc } from "y-prosemirror";
import type * as Y from "yjs";

import { announce } from "../shared/announce";
import { copyWords } from "../shared/clipboard";
import { element } from "../shared/element";
import { say } from "../shared/language";
import { leftover } from "../shared/leftover";
import { Session, type Place } from "../shared/sync";
import { clauseName, idOf, kindName, kindOf, numbered } from "./clauses";
import { schema } from "./schema";

export interface Unsent {
  label: string;
  words: string;
}

const messages = {
  title: say(
    "Des mots que vous aviez écrits n’ont pas été enregistrés : l’écriture s’est close avant qu’ils n’arrivent.",
    "Words that you wrote were not saved: writing closed before they arrived.",
  ),
  kept: say(
    "Ils sont gardés sur cet appareil. Voici les passages tels que vous les vouliez :",
    "They are kept on this device. Here are the passages as you wanted them:",
  ),
  deleted: say("(supprimé)", "(deleted)"),
  heading: say("Titre", "Title"),
  copy: say("Copier ces passages", "Copy these passages"),
  copied: say("Passages copiés.", "Passages copied."),
  forget: say("Les effacer de cet appareil", "Erase them from this device"),
  sure: say("Effacer ces mots pour de bon ?", "Erase these words for good?"),
};

/** The passages in which this device's text differs from the server's. */
export function unsent(mine: Node, shared: Node): Unsent[] {
  const theirs = new Map(shared.children.map((node) => [keyOf(node), node]));
  const names = new Map(numbered(mine).map((each) => [idOf(each.node), clauseName(each)]));
  const kept = new Set(mine.children.map(keyOf));
  const changed = mine.children
    .filter((node) => textOf(node) !== textOf(theirs.get(keyOf(node))))
    .map((node) => ({ label: names.get(idOf(node)) ?? messages.heading, words: textOf(node) }));
  const gone = shared.children
    .filter((node) => !kept.has(keyOf(node)) && textOf(node))
    .map((node) => ({ label: kindName(kindOf(node)), words: `${textOf(node)} ${messages.deleted}` }));
  return [...changed.filter(({ words }) => words), ...gone];
}

const keyOf = (node: Node): string => idOf(node) || node.type.name;
const textOf = (node: Node | undefined): string => node?.textBetween(0, node.content.size, "\n", "\n").trim() ?? "";

/** Looks for words stored on this device that the server never received, and offers them; null if there are none. */
export async function unsentNotice(place: Place, shared: Y.Doc): Promise<HTMLElement | null> {
  const found = await leftover(place, shared);
  if (!found) return null;
  const passages = unsent(asNode(found.doc), asNode(shared));
  if (!passages.length) return null;
  const forget = async (): Promise<void> => {
    if (!confirm(messages.sure)) return;
    await found.forget();
    notice.remove();
  };
  const notice = element(
    "section",
    { class: "unsent", role: "alert" },
    element("p", { class: "refusal__reason" }, messages.title),
    element("p", {}, messages.kept),
    listed(passages),
    element(
      "p",
      { class: "refusal__actions" },
      copying(passages),
      element("button", { type: "button", click: () => void forget() }, messages.forget),
    ),
  );
  return notice;
}

const listed = (passages: readonly Unsent[]): HTMLElement =>
  element(
    "dl",
    { lang: "fr" },
    ...passages.flatMap(({ label, words }) => [element("dt", {}, label), element("dd", {}, words)]),
  );

function copying(passages: readonly Unsent[]): HTMLElement {
  const copy = async (): Promise<void> => {
    await copyWords(passages.map(({ label, words }) => `${label}\n${words}`).join("\n\n"));
    announce(messages.copied, true);
  };
  return element("button", { type: "button", click: () => void copy() }, messages.copy);
}

/**
 * The passages of an open page that its writer typed and that did not reach the server before writing was closed; null if
 * there are none. The server's text is read anew for it.
 */
export async function unreached(session: Session): Promise<HTMLElement | null> {
  const reader = new Session({ ...session.place, person: "", readonly: true });
  try {
    await reader.ready(() => false);
    const passages = unsent(asNode(session.doc), asNode(reader.doc));
    return passages.length ? element("div", { class: "unreached" }, listed(passages), copying(passages)) : null;
  } finally {
    reader.provider.destroy();
  }
}

const asNode = (doc: Y.Doc): Node => initProseMirrorDoc(doc.getXmlFragment("prosemirror"), schema).doc;

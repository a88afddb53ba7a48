import { element } from "./element";
import { say } from "./language";

export const control = /Mac|iP(hone|ad)/.test(navigator.platform) ? "⌘" : "Ctrl";

/** Keys with what they do, in groups under a title. */
export type KeyGroups = [string, [string, string][]][];

/** Keys that every workspace has. */
export const everywhere: [string, string][] = [
  [`${control}+S`, say("dire si tout est enregistré, et à quelle heure", "say whether all is saved, and when")],
  ["?", say("cette aide, hors d’un texte ; F1 partout", "this help, outside of a text; F1 everywhere")],
  [say("Échap", "Escape"), say("fermer un panneau, quitter les outils", "close a panel, leave the tools")],
];

/** A dialog with all keyboard shortcuts; Escape closes it. */
export function keySheet(groups: KeyGroups): HTMLDialogElement {
  const close = element("button", { type: "button", click: () => sheet.close() }, say("Fermer", "Close"));
  const sheet = element(
    "dialog",
    { class: "help-sheet", "aria-labelledby": "help-sheet-title" },
    element("h2", { id: "help-sheet-title" }, say("Raccourcis clavier", "Keyboard shortcuts")),
    element("div", { class: "help-sheet__groups" }, ...groups.map(([title, rows]) => group(title, rows))),
    element("p", {}, close),
  );
  sheet.addEventListener("click", (event) => {
    if (event.target === sheet) sheet.close();
  });
  return sheet;
}

const group = (title: string, rows: [string, string][]): HTMLElement =>
  element(
    "section",
    {},
    element("h3", {}, title),
    element(
      "dl",
      {},
      ...rows.flatMap(([keys, words]) => [element("dt", {}, element("kbd", {}, keys)), element("dd", {}, words)]),
    ),
  );

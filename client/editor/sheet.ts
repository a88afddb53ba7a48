import { element } from "../shared/element";
import { say } from "../shared/language";

const control = /Mac|iP(hone|ad)/.test(navigator.platform) ? "⌘" : "Ctrl";

/** Keyboard shortcuts in the groups of the help sheet. */
const groups: [string, [string, string][]][] = [
  [
    say("Clauses", "Clauses"),
    [
      [say("Entrée", "Enter"), say("nouvelle clause, ou couper celle-ci", "new clause, or split this one")],
      [
        say("Retour arrière", "Backspace"),
        say("au début : joindre à la précédente", "at the start: join to the one before"),
      ],
      ["Alt+↑, Alt+↓", say("déplacer la clause", "move the clause")],
      [
        `${control}+Alt+1…5`,
        say("visa, considérant, demande, intertitre, note", "visa, recital, demand, heading, note"),
      ],
      [`${control}+Entrée`, say("nouveau paragraphe dans la clause", "new paragraph in the clause")],
      [say("Maj+Entrée", "Shift+Enter"), say("aller à la ligne", "line break")],
    ],
  ],
  [
    say("Mots", "Words"),
    [
      [`${control}+B, ${control}+I`, say("gras, italique", "bold, italics")],
      [
        `${control}+Z, ${control}+Y`,
        say("annuler, rétablir (vos changements à vous)", "undo, redo (your own changes)"),
      ],
      [`${control}+F`, say("chercher et remplacer", "find and replace")],
      [
        say("Retour arrière", "Backspace"),
        say(
          "juste après une correction de typographie : la reprendre",
          "right after a typographic correction: take it back",
        ),
      ],
    ],
  ],
  [
    say("Sources et outils", "Sources and tools"),
    [
      [`${control}+Alt+C`, say("citer un témoignage", "cite a testimony")],
      [`${control}+Alt+M`, say("commenter les mots sélectionnés", "comment the selected words")],
      [`${control}+Alt+S`, say("suggérer au lieu d’écrire, ou écrire", "suggest instead of writing, or write")],
      [`${control}+Alt+R`, say("aller aux remarques", "go to the remarks")],
      ["F10", say("aller à la barre d’outils", "go to the toolbar")],
      ["F1", say("cette aide", "this help")],
      [say("Échap", "Escape"), say("fermer un panneau", "close a panel")],
    ],
  ],
];

/** A dialog with all shortcuts; Escape closes it and returns the focus. */
export function helpSheet(): HTMLDialogElement {
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

import { control, everywhere, keySheet, type KeyGroups } from "../shared/keysheet";
import { say } from "../shared/language";

const groups: KeyGroups = [
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
      ["@", say("dans un commentaire : nommer quelqu’un", "in a comment: name somebody")],
      ...everywhere,
    ],
  ],
];

/** The keys of the editor of a motion. */
export const editorSheet = (): HTMLDialogElement => keySheet(groups);

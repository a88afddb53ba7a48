import { control, everywhere, keySheet, type KeyGroups } from "../shared/keysheet";
import { say } from "../shared/language";

const groups: KeyGroups = [
  [
    say("Idées", "Ideas"),
    [
      [say("Entrée", "Enter"), say("nouvelle idée à côté", "new idea beside")],
      [`${control}+${say("Entrée", "Enter")}`, say("nouvelle sous-idée", "new sub-idea")],
      [say("F2, ou une lettre", "F2, or a letter"), say("écrire l’idée", "write the idea")],
      [say("Suppr", "Del"), say("supprimer l’idée et ce qui en dépend", "delete the idea and what is below it")],
      [`${control}+Z, ${control}+Y`, say("annuler, rétablir (vos changements à vous)", "undo, redo (your own changes)")],
    ],
  ],
  [
    say("Ordre", "Order"),
    [
      ["↑ ↓", say("parcourir", "browse")],
      ["← →", say("replier, déplier", "collapse, expand")],
      ["Alt+↑, Alt+↓", say("déplacer l’idée", "move the idea")],
      [say("Tab, Maj+Tab", "Tab, Shift+Tab"), say("changer de niveau", "change its level")],
      [say("Échap puis Tab", "Escape, then Tab"), say("sortir de la liste", "leave the list")],
    ],
  ],
  [say("Outils", "Tools"), [["F10", say("aller à la barre d’outils", "go to the toolbar")], ...everywhere]],
];

/** The keys of the editor of a map. */
export const mapSheet = (): HTMLDialogElement => keySheet(groups);

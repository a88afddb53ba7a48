import { say } from "../shared/language";

export const field = (place: string): string => say(`Texte proposé\u00a0: ${place}`, `Proposed text: ${place}`);
export const tools = say("Mise en forme", "Formatting");
export const undo = say("Annuler (Ctrl+Z)", "Undo (Ctrl+Z)");
export const redo = say("Rétablir (Ctrl+Y)", "Redo (Ctrl+Y)");
export const reset = say("Revenir au texte gelé", "Return to the frozen text");
export const resetDone = say(
  "Le texte gelé est revenu. Ctrl+Z rend vos mots.",
  "The frozen text is back. Ctrl+Z returns your words.",
);
export const erase = say("Tout effacer", "Erase everything");
export const help = say(
  "Écrivez directement dans le texte\u00a0: ce que vous ajoutez est souligné, ce que vous supprimez reste barré.",
  "Write directly in the text: what you add is underlined, what you delete stays struck through.",
);
export const insertHelp = say(
  "Écrivez le passage que vous proposez d’ajouter.",
  "Write the passage that you propose to add.",
);
export const keysHelp = say(
  "Entrée\u00a0: nouveau paragraphe. Maj+Entrée\u00a0: à la ligne. Ctrl+Alt+C\u00a0: citer un témoignage. F10\u00a0: barre d’outils.",
  "Enter: new paragraph. Shift+Enter: line break. Ctrl+Alt+C: cite a testimony. F10: toolbar.",
);
export const titleHelp = say(
  "Changez les mots du titre\u00a0: ce que vous ajoutez est souligné, ce que vous supprimez reste barré.",
  "Change the words of the title: what you add is underlined, what you delete stays struck through.",
);
export const adopted = (by: readonly number[]): string =>
  by.length > 1
    ? say(`Adopté\u00a0: amendements n° ${by.join(", ")}`, `Adopted: amendments n° ${by.join(", ")}`)
    : say(`Adopté\u00a0: amendement n° ${by[0]}`, `Adopted: amendment n° ${by[0]}`);
export const changesTitle = say("Ce qui change", "What changes");
export const readingTitle = say("Tel qu’il se lirait", "As it would read");
export const sentenceTitle = say("Le dispositif", "The wording of the amendment");
export const nothing = say("Rien n’est changé.", "Nothing is changed.");
export const count = (n: number): string =>
  n === 0 ? nothing : n > 1 ? say(`${n} changements`, `${n} changes`) : say("1 changement", "1 change");
export const restore = say("Annuler", "Undo");
export const restoreThis = (words: string): string =>
  say(`Annuler ce changement\u00a0: ${words}`, `Undo this change: ${words}`);
export const restored = say("Changement annulé.", "Change undone.");
export const added = say("ajouté\u00a0:", "added:");
export const removed = say("supprimé\u00a0:", "removed:");
export const emptyReading = say("Aucun mot pour l’instant.", "No word for now.");

export const states = {
  untouched: say("Rien n’est encore changé", "Nothing is changed yet"),
  keeping: say("Brouillon…", "Draft…"),
  kept: say("Brouillon gardé sur cet appareil, pas encore déposé", "Draft kept on this device, not tabled yet"),
  unkept: say(
    "Ce navigateur ne garde rien\u00a0: déposez avant de fermer cette page",
    "This browser keeps nothing: table before you close this page",
  ),
  offline: say(
    "Hors ligne — votre texte est gardé ici\u202f; déposez-le quand le réseau revient",
    "Offline — your text is kept here; table it when the network is back",
  ),
  offlineUnkept: say(
    "Hors ligne, et ce navigateur ne garde rien\u00a0: ne fermez pas cette page",
    "Offline, and this browser keeps nothing: do not close this page",
  ),
};

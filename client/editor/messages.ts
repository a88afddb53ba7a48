import { say } from "../shared/language";

export const label = say("Texte de la motion", "Text of the motion");
export const tools = say("Mise en forme", "Formatting");
export const kindLabel = say("Nature de la clause", "Kind of clause");
export const bold = say("Gras (Ctrl+B)", "Bold (Ctrl+B)");
export const italic = say("Italique (Ctrl+I)", "Italics (Ctrl+I)");
export const bullets = say("Liste à puces", "Bulleted list");
export const numbers = say("Liste numérotée", "Numbered list");
export const link = say("Lien", "Link");
export const linkAddress = say("Adresse du lien (https://…)", "Address of the link (https://…)");
export const linkApply = say("Poser le lien", "Set the link");
export const linkRemove = say("Retirer le lien", "Remove the link");
export const linkUnsafe = say(
  "Une adresse commence par https:// ou mailto:.",
  "An address starts with https:// or mailto:.",
);
export const citeButton = say("Citer", "Cite");
export const citeTitle = say("Citer un témoignage (Ctrl+Alt+C)", "Cite a testimony (Ctrl+Alt+C)");
export const undo = say("Annuler (Ctrl+Z)", "Undo (Ctrl+Z)");
export const redo = say("Rétablir (Ctrl+Y)", "Redo (Ctrl+Y)");
export const up = say("Monter la clause (Alt+↑)", "Move clause up (Alt+↑)");
export const down = say("Descendre la clause (Alt+↓)", "Move clause down (Alt+↓)");
export const remove = say("Supprimer la clause", "Delete the clause");
export const removed = say("Clause supprimée. Ctrl+Z la rétablit.", "Clause deleted. Ctrl+Z brings it back.");
export const addressee = say("Destinataire", "Addressee");
export const addresseeHint = say("État, Parlement, région…", "State, Parliament, region…");
export const double = say("Cette clause répète la précédente.", "This clause repeats the one before.");
export const doubleRemove = say("Supprimer le doublon", "Remove the duplicate");
export const restsOn = say("Repose sur", "Rests on");
export const unknownExcerpt = say("extrait non publié ou retiré", "excerpt not published or withdrawn");
export const titlePlaceholder = say("Titre de la motion", "Title of the motion");
export const placeholders = {
  visa: say("Vu…", "Having regard to…"),
  considerant: say("Considérant…", "Whereas…"),
  demande: say("Demande…", "Calls for…"),
};
export const words = (count: number): string =>
  count > 1 ? `${count} ${say("mots", "words")}` : `${count} ${say("mot", "word")}`;
export const foreign = say(
  "Ce texte contient des éléments que cette page ne connaît pas encore. Rechargez-la pour écrire.",
  "This text contains elements that this page does not know yet. Reload it to write.",
);
export const help = say(
  "Entrée : nouvelle clause. Maj+Entrée : à la ligne. Ctrl+Entrée : nouveau paragraphe. Alt+↑ ou ↓ : déplacer la clause. Ctrl+Alt+1, 2, 3 : visa, considérant, demande. F10 : barre d’outils.",
  "Enter: new clause. Shift+Enter: line break. Ctrl+Enter: new paragraph. Alt+↑ or ↓: move the clause. Ctrl+Alt+1, 2, 3: recital kinds. F10: toolbar.",
);
export const lostWords = (words: string): string =>
  say(
    `Le passage où vous écriviez vient d’être supprimé par quelqu’un d’autre. Vos derniers mots : « ${words} ».`,
    `Somebody else has just deleted the passage you were writing in. Your last words: “${words}”.`,
  );
export const lostPut = say("Les mettre au curseur", "Put them at the cursor");
export const lostDrop = say("Les laisser", "Leave them");

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
export const handle = say("Déplacer la clause, ou ouvrir son menu", "Move the clause, or open its menu");
export const copyLink = say("Copier le lien de la clause", "Copy the link to the clause");
export const linkCopied = say("Lien copié.", "Link copied.");
export const addAfter = say("Ajouter une clause après", "Add a clause after");
/** `index` counts the title as 0. */
export const movedTo = (name: string, index: number, count: number): string =>
  say(`${name} : clause ${index} sur ${count}.`, `${name}: clause ${index} of ${count}.`);
export const addressee = say("Destinataire", "Addressee");
export const addresseeHint = say("À qui s’adresse cette demande", "To whom this demand is addressed");
export const addresseeNone = say("À préciser", "To be said");
export const addresseeOther = say("Autre…", "Other…");
/** Written into the text, which is French. */
export const addressees = [
  "l’État",
  "le Parlement",
  "les régions",
  "les départements",
  "les communes",
  "les intercommunalités",
  "l’Union européenne",
];
export const citedNow = say("Extrait cité.", "Excerpt cited.");
export const citedAlready = say("Cette clause cite déjà cet extrait.", "This clause cites that excerpt already.");
export const double = say("Cette clause répète sa voisine.", "This clause repeats its neighbour.");
export const doubleRemove = say("Supprimer le doublon", "Remove the duplicate");
export const restsOn = say("Repose sur", "Rests on");
export const unknownExcerpt = say("extrait non publié ou retiré", "excerpt not published or withdrawn");
export const titlePlaceholder = say("Titre de la motion", "Title of the motion");
export const placeholders = {
  visa: say("Vu…", "Having regard to…"),
  considerant: say("Considérant…", "Whereas…"),
  demande: say("Demande…", "Calls for…"),
  intertitre: say("Intertitre", "Heading"),
  note: say("Ce qu’il faut savoir pour lire ce passage", "What one must know to read this passage"),
};
export const words = (count: number, chosen = 0): string => {
  const all = count > 1 ? `${count} ${say("mots", "words")}` : `${count} ${say("mot", "word")}`;
  return chosen ? say(`${chosen} sur ${all}`, `${chosen} of ${all}`) : all;
};
export const foreign = say(
  "Ce texte contient des éléments que cette page ne connaît pas encore. Rechargez-la pour écrire.",
  "This text contains elements that this page does not know yet. Reload it to write.",
);
export const help = say(
  "Entrée : nouvelle clause. Alt+↑ ou ↓ : déplacer la clause. F1 : tous les raccourcis.",
  "Enter: new clause. Alt+↑ or ↓: move the clause. F1: all shortcuts.",
);
export const helpButton = say("Raccourcis clavier (F1)", "Keyboard shortcuts (F1)");
export const findButton = say("Chercher et remplacer (Ctrl+F)", "Find and replace (Ctrl+F)");
export const typographyButton = say(
  "Typographie française pendant la frappe : espaces, guillemets, apostrophes",
  "French typography while typing: spaces, quotation marks, apostrophes",
);
export const typographyOn = say("Typographie aidée.", "Typography is helped.");
export const typographyOff = say("Typographie laissée telle que vous la tapez.", "Typography is left as you type it.");
export const lostWords = (words: string): string =>
  say(
    `Le passage où vous écriviez vient d’être supprimé par quelqu’un d’autre. Vos derniers mots : « ${words} ».`,
    `Somebody else has just deleted the passage you were writing in. Your last words: “${words}”.`,
  );
export const lostPut = say("Les mettre au curseur", "Put them at the cursor");
export const lostDrop = say("Les laisser", "Leave them");

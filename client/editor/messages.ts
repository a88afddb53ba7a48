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
export const linkTo = (name: string): string => say(`Copier le lien\u00a0: ${name}`, `Copy the link: ${name}`);
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
/** Beside a clause: the other that says these words too. */
export const double = (other: string): string =>
  say(`Ces mots se trouvent deux fois\u00a0: ici et dans «\u00a0${other}\u00a0».`, `These words stand twice: here and in “${other}”.`);
export const doubleFound = (one: string, other: string): string =>
  say(
    `Deux modifications simultanées ont laissé les mêmes mots dans «\u00a0${one}\u00a0» et «\u00a0${other}\u00a0».`,
    `Two simultaneous edits left the same words in “${one}” and “${other}”.`,
  );
export const doubleRemove = say("Supprimer le doublon", "Remove the duplicate");
export const doubleRemoved = say("Doublon supprimé. Ctrl+Z le rétablit.", "Duplicate removed. Ctrl+Z brings it back.");
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
  "Entrée : nouvelle clause. Alt+↑ ou ↓ : déplacer la clause. F10 : les outils. F1 : tous les raccourcis.",
  "Enter: new clause. Alt+↑ or ↓: move the clause. F10: the tools. F1: all shortcuts.",
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

// Comments and suggestions

export const remarks = say("Remarques", "Remarks");
export const openRemarks = (count: number): string =>
  count > 1 ? say(`${count} remarques ouvertes`, `${count} open remarks`) : say("1 remarque ouverte", "1 open remark");
export const readFrozen = say("Lire le texte gelé", "Read the frozen text");
export const passages = (count: number): string =>
  count > 1 ? say(`${count} passages`, `${count} passages`) : count ? say("1 passage", "1 passage") : "";
export const authors = say("Auteurs", "Authors");
export const states = say("Histoire", "History");
export const noRemarks = say("Aucune remarque ouverte.", "No open remark.");
export const close = say("Fermer", "Close");
export const cancel = say("Annuler", "Cancel");
export const commentButton = say("Commenter", "Comment");
export const commentTitle = say("Commenter les mots sélectionnés (Ctrl+Alt+M)", "Comment the selected words (Ctrl+Alt+M)");
export const yourComment = say("Votre commentaire", "Your comment");
export const publish = say("Publier", "Publish");
export const wholeText = say("L’ensemble du texte", "The whole text");
export const passageGone = say("Ce passage n’est plus dans le texte.", "This passage is no longer in the text.");
export const wordsGone = say("Ces mots ne sont plus dans le texte.", "These words are no longer in the text.");
export const wordsChanged = say("Ces mots ont changé depuis.", "These words have changed since.");
export const remarkDone = say("C’est enregistré.", "It is recorded.");
export const showSettled = (count: number): string =>
  count > 1
    ? say(`Voir ${count} remarques classées`, `Show ${count} settled remarks`)
    : say("Voir la remarque classée", "Show the settled remark");
export const hideSettled = say("Cacher les remarques classées", "Hide settled remarks");
export const newRemark = (who: string, where: string): string =>
  where
    ? say(`Nouvelle remarque de ${who}, ${where}.`, `New remark by ${who}, ${where}.`)
    : say(`Nouvelle remarque de ${who}.`, `New remark by ${who}.`);
export const remarkHere = (who: string): string =>
  say(`Remarque de ${who} sur ces mots. Ctrl+Alt+R y mène.`, `Remark by ${who} on these words. Ctrl+Alt+R leads there.`);
export const newReply = (who: string): string =>
  say(`Nouvelle réponse à la remarque de ${who}.`, `New answer to the remark of ${who}.`);
export const suggestedBy = (who: string): string => say(`Suggéré par ${who}`, `Suggested by ${who}`);
export const suggestButton = say("Suggérer", "Suggest");
export const suggestTitle = say(
  "Suggérer des mots au lieu de les écrire (Ctrl+Alt+S)",
  "Suggest words instead of writing them (Ctrl+Alt+S)",
);
export const suggesting = say(
  "Mode suggestion\u00a0: ce que vous tapez est proposé aux autres, pas écrit dans le texte.",
  "Suggestion mode: what you type is proposed to the others, not written into the text.",
);
export const suggestingOff = say("Vous écrivez de nouveau dans le texte.", "You write in the text again.");
export const onePassage = say(
  "Une suggestion porte sur les mots d’un seul passage.",
  "A suggestion is about the words of one passage.",
);
export const finishFirst = say(
  "Envoyez ou abandonnez d’abord la suggestion commencée.",
  "First send or drop the suggestion that you began.",
);
export const suggestionOf = (name: string): string => say(`Votre suggestion\u00a0: ${name}`, `Your suggestion: ${name}`);
export const suggestionHelp = say(
  "Ce que vous ajoutez est souligné, ce que vous supprimez reste barré.",
  "What you add is underlined, what you delete stays struck through.",
);
export const suggestionKeys = say("Ctrl+Entrée envoie, Échap abandonne.", "Ctrl+Enter sends, Escape drops it.");
export const suggestionWhy = say("Pourquoi (facultatif)", "Why (optional)");
export const sendSuggestion = say("Envoyer la suggestion", "Send the suggestion");
export const dropSuggestion = say("Abandonner", "Drop");
export const dropSure = say("Abandonner ce que vous aviez suggéré ?", "Drop what you were suggesting?");
export const suggestionSent = say("Suggestion envoyée.", "Suggestion sent.");
export const clauseWentAway = say(
  "Ce passage vient d’être supprimé du texte. Vos mots restent ici.",
  "This passage has just been deleted from the text. Your words stay here.",
);

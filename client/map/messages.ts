import { say } from "../shared/language";

export const outlineLabel = say("Carte en liste", "Map as a list");
export const list = say("Liste", "List");
export const drawing = say("Dessin", "Drawing");
export const drawingLabel = say(
  "Dessin de la carte ; la liste dit la même chose",
  "Drawing of the map; the list says the same",
);
export const views = say("Affichage", "View");
export const tools = say("Outils de la carte", "Map tools");
export const addChild = say("Sous-idée (Ctrl+Entrée)", "Sub-idea (Ctrl+Enter)");
export const addChildText = say("Sous-idée", "Sub-idea");
export const addSibling = say("Idée à côté (Entrée)", "Idea beside (Enter)");
export const addSiblingText = say("Idée", "Idea");
export const edit = say("Modifier (F2)", "Edit (F2)");
export const up = say("Monter (Alt+↑)", "Move up (Alt+↑)");
export const down = say("Descendre (Alt+↓)", "Move down (Alt+↓)");
export const outdent = say("Remonter d’un niveau (Maj+Tab)", "Outdent (Shift+Tab)");
export const indent = say("Mettre sous l’idée précédente (Tab)", "Indent (Tab)");
export const attach = say("Témoignage : y appuyer l’idée", "Testimony: rest the idea on one");
export const attachText = say("Témoignage", "Testimony");
export const remove = say("Supprimer (Suppr)", "Delete (Del)");
export const undo = say("Annuler (Ctrl+Z)", "Undo (Ctrl+Z)");
export const redo = say("Rétablir (Ctrl+Y)", "Redo (Ctrl+Y)");
export const zoomIn = say("Agrandir", "Zoom in");
export const zoomOut = say("Réduire", "Zoom out");
export const fit = say("Tout voir", "Fit");
export const empty = say("La carte est vide.", "The map is empty.");
export const first = say("Ajouter la première idée", "Add the first idea");
export const textLabel = say("Texte de l’idée", "Text of the idea");
export const unnamed = say("(sans texte)", "(no text)");
export const detach = (number: string): string => say(`Détacher l’extrait ${number}`, `Detach excerpt ${number}`);
export const excerptUnknown = say("extrait non publié ou retiré", "excerpt not published or withdrawn");
export const removed = (count: number): string =>
  count > 1
    ? say(`${count} idées supprimées. Ctrl+Z les rétablit.`, `${count} ideas deleted. Ctrl+Z brings them back.`)
    : say("Idée supprimée. Ctrl+Z la rétablit.", "Idea deleted. Ctrl+Z brings it back.");
export const moved = (words: string, level: number): string => `${words}, ${say("niveau", "level")} ${level}`;
export const select = say("Choisissez d’abord une idée.", "First choose an idea.");
export const collapse = say("Replier ou déplier", "Collapse or expand");
export const ideas = (count: number): string =>
  count > 1 ? `${count} ${say("idées", "ideas")}` : `${count} ${say("idée", "idea")}`;
/** What waits to be saved; "" for nothing. */
export const waiting = (count: number): string => (count ? ideas(count) : "");
export const excerpts = (count: number): string =>
  count > 1 ? `${count} ${say("extraits", "excerpts")}` : `${count} ${say("extrait", "excerpt")}`;
export const help = say(
  "Flèches : parcourir. Entrée : idée suivante. Ctrl+Entrée : sous-idée. F2 ou une lettre : écrire. Tab et Maj+Tab : changer de niveau. Alt+↑ ou ↓ : déplacer. F10 : les outils. Échap puis Tab : sortir de la liste. ? : toutes les touches.",
  "Arrows: browse. Enter: next idea. Ctrl+Enter: sub-idea. F2 or a letter: write. Tab and Shift+Tab: change level. Alt+↑ or ↓: move. F10: the tools. Escape then Tab: leave the list. ?: all keys.",
);

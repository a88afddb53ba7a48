import type { EditorView } from "prosemirror-view";

import { follow } from "../shared/channel";
import { standUnder } from "./clauses";
import { redecorate } from "./decorations";

/** The numbers by clause as the server writes them: JSON, or nothing for a draft. */
export const readNumbers = (said: string | undefined): Record<string, string> =>
  JSON.parse(said || "{}") as Record<string, string>;

/**
 * Takes the numbers of the clauses from the live channel: those of the debate as soon as a text is frozen while it is
 * open here, those of inserted clauses when an amendment is adopted, and positions again when it is reopened.
 */
export function followNumbers(view: EditorView, document: string, news: { live: string; since: string }): void {
  const topic = document.replace("motion-", "numeros-");
  const take = (html: string): void => {
    const drawn = new DOMParser().parseFromString(html, "text/html");
    standUnder(readNumbers(drawn.querySelector<HTMLElement>("[data-numbers]")?.dataset["numbers"]));
    redecorate(view);
  };
  follow(news.live, news.since, topic, { take }, false);
}

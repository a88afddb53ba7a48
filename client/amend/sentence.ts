import { element } from "../shared/element";
import * as messages from "./messages";

/** Milliseconds without a change after which the server is asked for the dispositif. */
const PAUSE = 500;

export interface Sentence {
  element: HTMLElement;
  update: () => void;
}

/**
 * Shows the dispositif of what is being written, requested from the server whenever the writer pauses; hidden if there
 * is none.
 */
export function sentence(form: HTMLFormElement): Sentence {
  const words = element("p", { class: "dispositif", lang: "fr", role: "status" });
  const section = element("section", { class: "amend__sentence" }, element("h2", {}, messages.sentenceTitle), words);
  section.hidden = true;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asked = 0;
  const show = (said: string): void => {
    words.textContent = said;
    section.hidden = !said;
  };
  const ask = async (): Promise<void> => {
    const turn = ++asked;
    const body = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (typeof value === "string") body.set(name, value);
    body.set("etape", "dispositif");
    const answer = await fetch(form.action, { method: "POST", body }).catch(() => null);
    const said = answer?.ok ? await answer.text() : "";
    if (turn === asked) show(said); // an answer that a later question overtook is not shown
  };
  const update = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => void ask(), PAUSE);
  };
  return { element: section, update };
}

import { element } from "../shared/element";
import { language, say } from "../shared/language";
import { recount, type Figures, type Poll } from "./recount";
import { WAYS } from "./ways";

const number = new Intl.NumberFormat(language);

const messages = {
  unreachable: say("Les bulletins publiés n’ont pas pu être lus.", "The published ballots could not be read."),
  agrees: say("identique", "the same"),
  differs: say("différent", "different"),
  all: (from: string, figures: number): string =>
    say(
      `Votre navigateur a recompté ${from} : les ${figures} chiffres de cette page sont exacts.`,
      `Your browser counted ${from} again: the ${figures} figures of this page are right.`,
    ),
  wrong: (figures: number): string =>
    say(
      `${figures} ${figures > 1 ? "chiffres" : "chiffre"} de cette page ne suivent pas de ce qui est publié.`,
      `${figures} ${figures > 1 ? "figures" : "figure"} of this page ${figures > 1 ? "do" : "does"} not follow from what is published.`,
    ),
  limits: say(
    "Ce calcul part de ce que ce site publie maintenant ; l’archive et son programme de vérification partent du registre signé.",
    "This starts from what this site publishes now; the archive and its verifier start from the signed record.",
  ),
};

/** Recounts the poll of this page, and compares each figure shown. */
export class Recounting {
  #said: HTMLElement | null;

  constructor(private readonly place: HTMLElement) {
    this.#said = place.querySelector("[data-recounted]");
    const act = place.querySelector<HTMLElement>("[data-recount]");
    if (!act) return;
    act.hidden = false;
    act.querySelector("button")?.addEventListener("click", () => void this.#count());
  }

  async #count(): Promise<void> {
    const { slug, poll, absolute } = this.place.dataset;
    try {
      const answer = await fetch(`/api/v1/c/${slug}/scrutins/${poll}`, { credentials: "omit", cache: "no-cache" });
      if (!answer.ok) throw new TypeError(messages.unreachable);
      const published = (await answer.json()) as Poll;
      this.#show(recount(published, absolute === "oui"), WAYS[published.terms.way].source(published));
    } catch {
      this.#say(messages.unreachable, "careful");
    }
  }

  #show(figures: Figures, from: string): void {
    const rows = [...this.place.querySelectorAll<HTMLElement>("[data-figure]")];
    const wrong = rows.filter((row) => !this.#agrees(row, figures[row.dataset["figure"] ?? ""])).length;
    for (const head of this.place.querySelectorAll<HTMLElement>("th.recounted")) head.hidden = false;
    this.#say(wrong ? messages.wrong(wrong) : messages.all(from, rows.length), wrong ? "wrong" : "done");
  }

  #agrees(row: HTMLElement, found: bigint | undefined): boolean {
    const same = found !== undefined && String(found) === row.dataset["value"];
    const isResult = row.dataset["figure"] === "carried";
    const shown = isResult || found === undefined ? "" : `${number.format(found)} `;
    const word = element("span", { class: "word" }, same ? messages.agrees : messages.differs);
    const mark = element("span", { class: same ? "same" : "differs" }, same ? "✓ " : "✗ ", word);
    row.querySelector("td.recounted")?.remove();
    row.append(element("td", { class: "number recounted" }, shown, mark));
    return same;
  }

  #say(sentence: string, tone: string): void {
    this.#said?.replaceChildren(
      element("p", { class: `notice ${tone}` }, element("strong", {}, sentence), " ", tone === "done" ? messages.limits : ""),
    );
  }
}

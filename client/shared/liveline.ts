import { swap } from "./swap";

/**
 * The live line below the header: what happens now is the same for everybody and comes with the announcement; whether a
 * vote is offered follows from what the page knows of its reader.
 */
export class LiveLine {
  #vote: HTMLAnchorElement | null;
  #status: HTMLElement | null;
  #told: string;

  /** `line` is the whole line, `place` the part of it that is the same for everybody. */
  constructor(
    private readonly line: HTMLElement,
    private readonly place: HTMLElement,
  ) {
    this.#vote = line.querySelector("a.button");
    this.#status = line.querySelector("[role=status]");
    this.#told = this.#said();
  }

  take(html: string): void {
    swap(this.place, html);
    if (this.#vote) this.#vote.hidden = !this.#isOffered();
    this.#tell();
  }

  /** Has screen readers say what is new, but not each ballot that is counted. */
  #tell(): void {
    const said = this.#said();
    if (said === this.#told || !this.#status) return;
    this.#told = said;
    this.#status.textContent = said;
  }

  #said(): string {
    const told = this.place.querySelector(".told")?.textContent.trim() ?? "";
    return told && this.#vote && !this.#vote.hidden ? `${told}. ${this.#vote.textContent}` : told;
  }

  /** In polls that the page knows, where a ballot is missing; in later ones, where the reader belongs to the college. */
  #isOffered(): boolean {
    const { due = "", colleges = "", known = "" } = this.line.dataset;
    const [missing, own] = [due.split(" "), colleges.split(" ")];
    const ballots = this.place.querySelector<HTMLElement>("[data-ballots]")?.dataset["ballots"]?.split(" ") ?? [];
    return ballots.filter(Boolean).some((each) => {
      const [poll = "", college = ""] = each.split(":");
      return Number(poll) > Number(known) ? own.includes(college) : missing.includes(poll);
    });
  }
}

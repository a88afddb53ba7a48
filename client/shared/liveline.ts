import { swap } from "./swap";
import type { VoteAlert } from "./votealert";

/**
 * The live line below the header: what happens now is the same for everybody and comes with the announcement; whether a
 * vote is offered follows from what the page knows of its reader.
 */
export class LiveLine {
  #vote: HTMLAnchorElement | null;
  #status: HTMLElement | null;
  #told: string;
  #offered: string[];

  /** `line` is the whole line, `place` the part of it that is the same for everybody. `alert` is for whoever votes. */
  constructor(
    private readonly line: HTMLElement,
    private readonly place: HTMLElement,
    private readonly alert: VoteAlert | null = null,
  ) {
    this.#vote = line.querySelector("a.button");
    this.#status = line.querySelector("[role=status]");
    this.#told = this.#said();
    this.#offered = this.#offers();
  }

  take(html: string): void {
    swap(this.place, html);
    const before = this.#offered;
    this.#offered = this.#offers();
    if (this.#vote) this.#vote.hidden = this.#offered.length === 0;
    this.#tell();
    if (this.#offered.length === 0) this.alert?.end();
    else if (this.#offered.some((poll) => !before.includes(poll))) this.alert?.tell(this.#happening());
  }

  /** Has screen readers say what is new, but not each ballot that is counted. */
  #tell(): void {
    const said = this.#said();
    if (said === this.#told || !this.#status) return;
    this.#told = said;
    this.#status.textContent = said;
  }

  #happening(): string {
    return this.place.querySelector(".told")?.textContent.trim() ?? "";
  }

  #said(): string {
    const told = this.#happening();
    return told && this.#vote && !this.#vote.hidden ? `${told}. ${this.#vote.textContent}` : told;
  }

  /**
   * The polls in which the reader has a vote to cast: of those that the page knows, where a ballot is missing; of later
   * ones, where the reader belongs to the college.
   */
  #offers(): string[] {
    if (!this.#vote) return [];
    const { due = "", colleges = "", known = "" } = this.line.dataset;
    const [missing, own] = [due.split(" "), colleges.split(" ")];
    const ballots = this.place.querySelector<HTMLElement>("[data-ballots]")?.dataset["ballots"]?.split(" ") ?? [];
    const offered = ballots.filter(Boolean).filter((each) => {
      const [poll = "", college = ""] = each.split(":");
      return Number(poll) > Number(known) ? own.includes(college) : missing.includes(poll);
    });
    return offered.map((each) => each.split(":")[0] ?? "");
  }
}

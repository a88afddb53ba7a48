import { ballotKey, forgetBallot, keepBallot, waitingBallot, type Cast } from "../shared/ballots";
import { command, CommandRefused } from "../shared/commanding";
import { element } from "../shared/element";
import { commandId } from "../shared/identifiers";
import { say } from "../shared/language";

const FIRST_PAUSE = 1000;
const LONGEST_PAUSE = 15_000;

const messages = {
  confirm: (choice: string): string => say(`Confirmer : ${choice}`, `Confirm: ${choice}`),
  sending: say("Envoi…", "Sending…"),
  retrying: say(
    "Pas encore enregistré : le réseau ne répond pas. Nouvel essai en cours, gardez cette page ouverte.",
    "Not recorded yet: the network does not answer. Trying again, keep this page open.",
  ),
  recorded: (choice: string): string =>
    choice
      ? say(`Vote enregistré : ${choice}.`, `Vote recorded: ${choice}.`)
      : say("Réponses enregistrées.", "Answers recorded."),
  inTheBox: say("Bulletin dans l’urne.", "The paper is in the box."),
  entry: (index: number): string => say(`Écriture n° ${index} du registre`, `Entry no. ${index} of the record`),
  receipt: say("Reçu vérifiable", "Verifiable receipt"),
  pending: say(
    "Votre vote n’a pas été confirmé par le serveur. Envoyez-le de nouveau : il ne comptera qu’une fois.",
    "The server did not confirm your vote. Send it again: it will count once.",
  ),
  secretPending: say(
    "Votre bulletin n’a pas été confirmé par le serveur, et ce navigateur n’en garde rien : votez de nouveau.",
    "The server did not confirm your paper, and this browser keeps nothing of it: vote again.",
  ),
  missing: say("Choisissez d’abord une réponse, puis confirmez.", "Choose an answer first, then confirm."),
  chosen: (names: number, seats: number): string => say(`${names} sur ${seats}`, `${names} of ${seats}`),
  again: say("L’envoyer de nouveau", "Send it again"),
};

/** Names of the commands that give a vote; the form says which one is used. */
const BALLOT = "ballot.cast";
const SECRET = "ballot.cast_secret";

/** The data of the command for these answers. */
export function asked(act: string, poll: number, voter: string, answers: Record<string, string>): object {
  const other = voter ? { voter } : {};
  if (act === SECRET) return { poll, ...paper(answers), ...other };
  if (act === BALLOT) return { poll, choice: answers["choix"], ...other };
  const choices = Object.fromEntries(
    Object.entries(answers).map(([name, choice]) => [name.replace("choix-", ""), choice]),
  );
  return { sheet: poll, choices, ...other };
}

/** The data of a secret paper: one answer, the names for several seats, or blank. */
function paper(answers: Record<string, string>): object {
  const one = answers["bulletin"] ?? answers["blanc"];
  if (one !== undefined) return { paper: Number(one) };
  return { names: Object.keys(answers).map((name) => Number(name.replace("nom-", ""))) };
}

/**
 * A ballot: choose, then confirm; sent as often as the network requires, recorded once. Without JavaScript the form is
 * used.
 */
export class Ballot {
  #status = element("div", { class: "ballot-status", role: "status" });
  #kind: string;
  #act: string;
  #slug: string;
  #poll: number;
  #voter: string;
  #key: string;
  #sending = false;
  #label: string;

  constructor(private readonly form: HTMLFormElement) {
    this.#kind = form.dataset["kind"] ?? "";
    this.#act = form.dataset["command"] ?? "";
    this.#slug = form.dataset["slug"] ?? "";
    this.#poll = Number(form.dataset["poll"]);
    this.#voter = form.dataset["voter"] ?? "";
    this.#key = ballotKey(this.#poll, this.#voter);
    this.#label = this.#button?.textContent ?? "";
    form.querySelector("fieldset")?.after(this.#status);
    form.addEventListener("submit", (event) => this.#pressed(event));
    addEventListener("beforeunload", (event) => this.#sending && event.preventDefault());
    form.addEventListener("change", (event) => {
      this.#seat(event.target);
      this.#chosen();
    });
    this.#seat(null);
    this.#settle();
    this.#recall();
  }

  get #button(): HTMLButtonElement | null {
    return this.form.querySelector("button.cast");
  }

  get #radios(): HTMLInputElement[] {
    return [...this.form.querySelectorAll<HTMLInputElement>("input[type=radio], input[type=checkbox]")];
  }

  /** For several seats: limits the names to the number of seats, and allows none on a blank paper. */
  #seat(pressed: EventTarget | null): void {
    const seats = Number(this.form.querySelector<HTMLElement>("[data-seats]")?.dataset["seats"]);
    if (!seats) return;
    const blank = this.#radios.filter((box) => box.name === "blanc");
    const names = this.#radios.filter((box) => box.name !== "blanc");
    const others = blank.includes(pressed as HTMLInputElement) ? names : pressed ? blank : [];
    for (const box of others) box.checked = false;
    const chosen = names.filter((box) => box.checked).length;
    for (const box of names) box.disabled = !box.checked && chosen >= seats;
    const counter = this.form.querySelector("[data-chosen]");
    if (counter) counter.textContent = messages.chosen(chosen, seats);
  }

  /** Shows the recorded choice as checked, and the button only for another choice. */
  #settle(): void {
    const cast = this.form.querySelector("[data-kept]") !== null;
    for (const radio of this.#radios) radio.classList.toggle("cast-choice", cast && radio.checked);
    this.#chosen();
  }

  #chosen(): void {
    if (this.#status.textContent === messages.missing && this.#name()) this.#status.replaceChildren();
    const button = this.#button;
    if (!button) return;
    const name = this.#name();
    button.textContent = this.#act === BALLOT && name ? messages.confirm(name) : this.#label;
    const checked = this.#radios.filter((radio) => radio.checked);
    button.hidden = checked.length > 0 && checked.every((radio) => radio.classList.contains("cast-choice"));
  }

  #pressed(event: SubmitEvent): void {
    event.preventDefault();
    if (this.#sending || this.#button?.hidden) return;
    const answers = this.#answers();
    if (!Object.keys(answers).length) return this.#ask();
    void this.#send({ id: this.#freshId(), answers });
  }

  /** Says that no answer is chosen, and moves the focus to the answers. */
  #ask(): void {
    this.#say(messages.missing, "wrong");
    this.#radios.find((each) => !each.disabled)?.focus();
  }

  #answers(): Record<string, string> {
    const checked = this.#radios.filter((radio) => radio.checked).map((radio) => [radio.name, radio.value]);
    const answers = Object.fromEntries(checked) as Record<string, string>;
    if (this.#kind !== "block") return answers;
    const polls = this.form.querySelector<HTMLInputElement>("input[name=scrutins]")?.value.split(" ") ?? [];
    const choice = answers["choix"];
    return choice ? Object.fromEntries(polls.map((poll) => [`choix-${poll}`, choice])) : {};
  }

  /** A command id: the first ballot uses the one of the page, each change of vote a new one. */
  #freshId(): string {
    const field = this.form.elements.namedItem("commande");
    const id = field instanceof HTMLInputElement ? field.value : "";
    if (field instanceof HTMLInputElement) field.value = commandId();
    return id || commandId();
  }

  async #send(cast: Cast): Promise<void> {
    if (this.#sending) return;
    this.#busy(true);
    this.#keep(cast);
    this.#say(messages.sending);
    try {
      const { entries } = await this.#persist(cast);
      this.#recorded(cast, entries[0]?.[0]);
    } catch (error) {
      this.#say((error as Error).message, "wrong");
    }
    forgetBallot(this.#key);
    this.#busy(false);
  }

  /** Disables the button while a ballot is being sent. */
  #busy(sending: boolean): void {
    this.#sending = sending;
    this.form.setAttribute("aria-busy", String(sending));
    this.#button?.setAttribute("aria-disabled", String(sending));
  }

  /** Stores the ballot, so that the next page can report it if this one gets no answer. */
  #keep(cast: Cast): void {
    const ballot = { slug: this.#slug, poll: this.#poll, voter: this.#voter, kind: this.#act === SECRET ? "secret" : "public" };
    keepBallot({ ...cast, ...ballot, since: Date.now() });
  }

  /** Sends until the server answers, with growing pauses; the id ensures that it counts once. */
  async #persist({ id, answers }: Cast): ReturnType<typeof command> {
    const data = asked(this.#act, this.#poll, this.#voter, answers);
    for (let pause = FIRST_PAUSE; ; pause = Math.min(pause * 2, LONGEST_PAUSE)) {
      try {
        return await command(this.#slug, this.#act, data, id);
      } catch (error) {
        if (error instanceof CommandRefused) throw error;
        this.#say(messages.retrying, "careful");
        await pauseOrOnline(pause * (0.75 + Math.random() / 2));
      }
    }
  }

  #recorded({ answers }: Cast, index: number | undefined): void {
    this.form.querySelector("[data-kept]")?.remove();
    this.form.querySelector("fieldset > .notice")?.remove();
    const said = this.#act === SECRET ? messages.inTheBox : messages.recorded(this.#name(answers["choix"]));
    const notice = { class: "notice done", "data-kept": true, tabindex: -1 };
    const kept = element("p", notice, element("strong", {}, said), ...this.#proof(index));
    this.#status.replaceChildren(kept);
    if (this.#act === SECRET) for (const part of this.form.querySelectorAll("fieldset, .soft")) part.remove();
    if ("stands" in this.form.dataset) for (const input of this.#radios) input.disabled ||= input.checked || this.#kind !== "sheet";
    this.#settle();
    kept.focus({ preventScroll: true });
    kept.scrollIntoView({ block: "nearest" });
  }

  /** A link to the entry with the ballot, and to its proof. */
  #proof(index: number | undefined): (Node | string)[] {
    if (index === undefined) return [];
    const entry = `/c/${this.#slug}/registre/${index}`;
    const receipt = element("a", { href: `${entry}.proof`, download: "" }, messages.receipt);
    return [" ", element("a", { href: entry }, messages.entry(index)), " · ", receipt];
  }

  #say(sentence: string, tone = ""): void {
    if (this.#status.textContent === sentence) return;
    this.#status.replaceChildren(element("p", { class: `notice ${tone}`.trim() }, sentence));
  }

  /** Sends an unconfirmed ballot again: if it was recorded already, nothing changes. */
  #recall(): void {
    const cast = waitingBallot(this.#key);
    if (!cast) return;
    if (this.#act === SECRET) return this.#say(messages.secretPending, "careful");
    const again = element("button", { type: "button", click: () => void this.#send(cast) }, messages.again);
    this.#status.replaceChildren(element("div", { class: "notice careful" }, element("p", {}, messages.pending), again));
  }

  /** The label of that answer, or of the checked one. */
  #name(value?: string): string {
    if (this.#kind === "sheet") return "";
    const radio = this.#radios.find((each) => (value === undefined ? each.checked : each.value === value));
    return radio?.labels?.[0]?.textContent?.trim() ?? "";
  }
}

/** Waits, or until the device is online again. */
const pauseOrOnline = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(done, milliseconds);
    addEventListener("online", done, { once: true });
    function done(): void {
      clearTimeout(timer);
      removeEventListener("online", done);
      resolve();
    }
  });

export const enhance = (place: ParentNode): void => {
  for (const form of place.querySelectorAll<HTMLFormElement>("form[data-island=vote]")) new Ballot(form);
};

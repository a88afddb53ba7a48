import { command, CommandRefused } from "../shared/commanding";
import { element } from "../shared/element";
import { commandId } from "../shared/identifiers";
import { say } from "../shared/language";

const FIRST_PAUSE = 1000;
const LONGEST_PAUSE = 15_000;

const messages = {
  choose: say(
    "Choisissez, puis confirmez. Vous pourrez changer jusqu’à la clôture ; le dernier vote compte.",
    "Choose, then confirm. You can change until the poll closes; the last vote counts.",
  ),
  confirm: (choice: string): string => say(`Confirmer : ${choice}`, `Confirm: ${choice}`),
  change: say("Changer", "Change"),
  sending: say("Envoi…", "Sending…"),
  retrying: say(
    "Pas encore enregistré : le réseau ne répond pas. Nouvel essai en cours, gardez cette page ouverte.",
    "Not recorded yet: the network does not answer. Trying again, keep this page open.",
  ),
  recorded: (choice: string): string => say(`Vote enregistré : ${choice}.`, `Vote recorded: ${choice}.`),
  entry: (index: number): string => say(`Écriture n° ${index} du registre`, `Entry no. ${index} of the record`),
  pending: (choice: string): string =>
    say(
      `Votre vote « ${choice} » n’a pas été confirmé par le serveur.`,
      `Your vote “${choice}” was not confirmed by the server.`,
    ),
  again: say("L’envoyer de nouveau", "Send it again"),
  yours: say("votre vote", "your vote"),
};

interface Ballot {
  id: string;
  choice: string;
}

/** A ballot in two presses, sent as often as the network needs, recorded once. Without JavaScript the form does it. */
class Booth {
  #status = element("div", { class: "ballot-status", role: "status" });
  #key: string;
  #slug: string;
  #poll: number;
  #sending = false;

  constructor(private readonly form: HTMLFormElement) {
    this.#slug = form.dataset["slug"] ?? "";
    this.#poll = Number(form.dataset["poll"]);
    this.#key = `pleniere:ballot:${this.#slug}:${this.#poll}`;
    form.append(this.#status);
    const hint = form.querySelector("fieldset p");
    if (hint && !this.#chosen()) hint.textContent = messages.choose;
    form.addEventListener("submit", (event) => this.#pressed(event));
    this.#recall();
  }

  get #buttons(): HTMLButtonElement[] {
    return [...this.form.querySelectorAll<HTMLButtonElement>("button[name=choix]")];
  }

  #chosen(): HTMLButtonElement | undefined {
    return this.#buttons.find((button) => button.getAttribute("aria-pressed") === "true");
  }

  #pressed(event: SubmitEvent): void {
    const button = event.submitter as HTMLButtonElement | null;
    event.preventDefault();
    if (!button || button.name !== "choix" || this.#sending) return;
    this.#ask({ id: this.#freshId(), choice: button.value });
  }

  /** The id that the page was rendered with serves the first ballot; each change of mind is a ballot of its own. */
  #freshId(): string {
    const field = this.form.elements.namedItem("commande");
    const id = field instanceof HTMLInputElement ? field.value : "";
    if (field instanceof HTMLInputElement) field.value = commandId();
    return id || commandId();
  }

  #ask(ballot: Ballot): void {
    this.#buttons.forEach((button) => button.classList.toggle("choosing", button.value === ballot.choice));
    const confirm = element(
      "button",
      { type: "button", class: "ballot-confirm", click: () => void this.#send(ballot) },
      messages.confirm(this.#name(ballot)),
    );
    const change = element(
      "button",
      { type: "button", class: "second", click: () => this.#withdraw() },
      messages.change,
    );
    this.#status.replaceChildren(element("p", { class: "row" }, confirm, change));
    confirm.focus();
  }

  #withdraw(): void {
    this.#status.replaceChildren();
    this.#buttons.forEach((button) => button.classList.remove("choosing"));
    this.#buttons[0]?.focus();
  }

  async #send(ballot: Ballot): Promise<void> {
    if (this.#sending) return;
    this.#sending = true;
    sessionStorage.setItem(this.#key, JSON.stringify(ballot));
    this.#say(messages.sending);
    try {
      const { entries } = await this.#persist(ballot);
      this.#recorded(ballot, entries[0]?.[0]);
    } catch (error) {
      this.#say((error as Error).message, "wrong");
    }
    sessionStorage.removeItem(this.#key);
    this.#sending = false;
  }

  /** Tries until the server has answered, with longer pauses; the same id makes sure that it counts once. */
  async #persist(ballot: Ballot): ReturnType<typeof command> {
    for (let pause = FIRST_PAUSE; ; pause = Math.min(pause * 2, LONGEST_PAUSE)) {
      try {
        return await command(this.#slug, "ballot.cast", { poll: this.#poll, choice: ballot.choice }, ballot.id);
      } catch (error) {
        if (error instanceof CommandRefused) throw error;
        this.#say(messages.retrying, "careful");
        await pauseOrOnline(pause * (0.75 + Math.random() / 2));
      }
    }
  }

  #recorded(ballot: Ballot, index: number | undefined): void {
    const name = this.#name(ballot);
    for (const button of this.#buttons) {
      const mine = button.value === ballot.choice;
      button.setAttribute("aria-pressed", String(mine));
      button.classList.remove("choosing");
      button.querySelector(".chosen")?.remove();
      if (mine) button.append(element("span", { class: "chosen" }, messages.yours));
    }
    const link =
      index === undefined ? null : element("a", { href: `/c/${this.#slug}/registre/${index}` }, messages.entry(index));
    this.#status.replaceChildren(
      element("p", { class: "notice done" }, element("strong", {}, messages.recorded(name)), " ", link),
    );
  }

  #say(sentence: string, tone = ""): void {
    if (this.#status.textContent === sentence) return;
    this.#status.replaceChildren(element("p", { class: `notice ${tone}`.trim() }, sentence));
  }

  /** A ballot that left this page without an answer: it may have been counted, and sending it again does no harm. */
  #recall(): void {
    const kept = sessionStorage.getItem(this.#key);
    if (!kept) return;
    const ballot = JSON.parse(kept) as Ballot;
    const again = element("button", { type: "button", click: () => void this.#send(ballot) }, messages.again);
    this.#status.replaceChildren(
      element("div", { class: "notice careful" }, element("p", {}, messages.pending(this.#name(ballot))), again),
    );
  }

  #name({ choice }: Ballot): string {
    const button = this.#buttons.find((each) => each.value === choice);
    const words = [...(button?.childNodes ?? [])]
      .filter((node) => node.nodeType === Node.TEXT_NODE)
      .map((node) => node.textContent);
    return words.join("").trim() || choice;
  }
}

/** Waits, but no longer than until the network comes back. */
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

for (const form of document.querySelectorAll<HTMLFormElement>("form[data-island=vote]")) new Booth(form);

import { element } from "../shared/element";
import { commandId } from "../shared/identifiers";
import { say } from "../shared/language";
import { enhance } from "./ballot";

/** Milliseconds over which voters' requests for their page are spread. */
const SPREAD = 1500;

const messages = {
  forOther: (name: string): string => say(`Au nom de ${name}, par pouvoir`, `In the name of ${name}, by proxy`),
  opened: (question: string): string => say(`Scrutin ouvert : ${question}`, `Poll open: ${question}`),
  closed: (poll: string): string => say(`Le scrutin n° ${poll} est clos.`, `Poll no. ${poll} is closed.`),
  result: say("Voir le résultat", "See the result"),
};

interface Held {
  id: string;
  name: string;
}

/**
 * The voter's screen: shows what opens and says what has closed, without a reload and without disturbing what is being
 * pressed.
 */
export class Hall {
  #held: Held[];
  #said = element("p", { class: "visually-hidden", role: "status" });

  constructor(
    private readonly place: HTMLElement,
    private readonly news: HTMLElement,
  ) {
    this.#held = JSON.parse(place.dataset["held"] ?? "[]") as Held[];
    place.prepend(this.#said);
    new MutationObserver(() => void this.#follow()).observe(news, { childList: true });
    void this.#follow();
  }

  async #follow(): Promise<void> {
    const told = this.news.querySelector<HTMLElement>("[data-open]");
    if (!told) return;
    const open = (told.dataset["open"] ?? "").split(" ").filter(Boolean);
    for (const shown of this.place.querySelectorAll<HTMLElement>("[data-booth-poll]"))
      if (!open.includes(shown.dataset["boothPoll"] ?? "")) this.#close(shown);
    const templates = [...told.querySelectorAll<HTMLTemplateElement>("template[data-poll]")].reverse();
    for (const template of templates) {
      if (!this.#find(template)) await this.#open(template, told.dataset["mandates"] ?? "");
      this.#conduct(template);
    }
    const waiting = this.place.querySelector<HTMLElement>(".booth-waiting");
    if (waiting) waiting.hidden = open.length > 0;
  }

  #find(template: HTMLTemplateElement): HTMLElement | null {
    return this.place.querySelector(`[data-booth-poll="${template.dataset["poll"] ?? ""}"]`);
  }

  /** Shows the closing time, and disables the ballot during a pause. */
  #conduct(template: HTMLTemplateElement): void {
    const [shown, told] = [this.#find(template), template.content].map((from) => from?.querySelector("[data-booth-state]"));
    if (shown && told && shown.innerHTML.trim() !== told.innerHTML.trim()) {
      const running = shown.querySelector<HTMLElement>("[data-closes]")?.dataset["closes"];
      const same = running !== undefined && running === told.querySelector<HTMLElement>("[data-closes]")?.dataset["closes"];
      if (!same) shown.replaceChildren(...[...told.childNodes].map((node) => node.cloneNode(true)));
    }
    const paused = Boolean(template.dataset["paused"]);
    for (const fields of this.#find(template)?.querySelectorAll("fieldset") ?? []) fields.disabled = paused;
  }

  /**
   * Shows a ballot from the template that is the same for all; lists and proxies that this page lacks are requested.
   */
  async #open(template: HTMLTemplateElement, mandates: string): Promise<void> {
    const known = template.dataset["college"] === "0" && mandates === this.place.dataset["mandates"];
    const section = known ? this.#instantiated(template) : ((await this.#asked(template)) ?? this.#instantiated(template));
    if (this.#find(template)) return;
    this.#said.after(section);
    enhance(section);
    this.#said.textContent = messages.opened(section.querySelector(".question")?.textContent ?? "");
    navigator.vibrate?.(200);
  }

  #instantiated(template: HTMLTemplateElement): HTMLElement {
    const section = (template.content.cloneNode(true) as DocumentFragment).firstElementChild as HTMLElement;
    const own = section.querySelector<HTMLFormElement>("form[data-island=vote]");
    const held = Number(template.dataset["proxies"]) > 0 ? this.#held : [];
    const forms = own ? [own, ...held.map((each) => forOther(own, each))] : [];
    for (const form of forms) field(form, "commande", commandId());
    own?.after(...forms.slice(1));
    return section;
  }

  async #asked(template: HTMLTemplateElement): Promise<HTMLElement | null> {
    await new Promise((resolve) => setTimeout(resolve, Math.random() * SPREAD));
    try {
      const answer = await fetch(location.pathname, { credentials: "same-origin" });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const hall = page.querySelector<HTMLElement>("[data-island=booth]");
      this.#held = JSON.parse(hall?.dataset["held"] ?? "[]") as Held[];
      this.place.dataset["mandates"] = hall?.dataset["mandates"] ?? "";
      return hall?.querySelector<HTMLElement>(`[data-booth-poll="${template.dataset["poll"] ?? ""}"]`) ?? null;
    } catch {
      return null;
    }
  }

  #close(section: HTMLElement): void {
    if (section.classList.contains("booth-closed")) return;
    const poll = section.dataset["boothPoll"] ?? "";
    section.classList.add("booth-closed");
    for (const fields of section.querySelectorAll("fieldset")) fields.disabled = true;
    section.querySelector("[data-booth-state]")?.replaceChildren();
    const result = element("a", { href: `/c/${this.place.dataset["slug"]}/scrutins/${poll}` }, messages.result);
    section.prepend(element("p", { class: "notice" }, element("strong", {}, messages.closed(poll)), " ", result));
    this.#said.textContent = messages.closed(poll);
  }
}

const field = (form: HTMLFormElement, name: string, value: string): void => {
  const input = form.elements.namedItem(name);
  if (input instanceof HTMLInputElement) input.value = value;
};

const forOther = (own: HTMLFormElement, { id, name }: Held): HTMLFormElement => {
  const form = own.cloneNode(true) as HTMLFormElement;
  form.dataset["voter"] = id;
  field(form, "voter", id);
  const whose = form.querySelector("legend")?.firstChild;
  if (whose) whose.textContent = messages.forOther(name); // what is asked stands behind it
  return form;
};

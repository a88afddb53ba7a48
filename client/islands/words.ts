import { wordAt } from "../reading/pressed";
import { announce } from "../shared/announce";
import { element } from "../shared/element";
import { say } from "../shared/language";

const PASSAGES = ".clause-text, .clause-heading, .motion-title";

/** The place in the text under this point of the window. */
function placeAt(x: number, y: number): { node: Node; offset: number } | null {
  if ("caretPositionFromPoint" in document) {
    const position = document.caretPositionFromPoint(x, y);
    return position && { node: position.offsetNode, offset: position.offset };
  }
  const range = (document as Document).caretRangeFromPoint(x, y);
  return range && { node: range.startContainer, offset: range.startOffset };
}

/** A press on a word of a motion shows, below its passage, the acts that made and moved it. */
class WordActs {
  #shown: HTMLElement | undefined;
  #asked = 0;

  constructor(private readonly text: HTMLElement) {
    text.addEventListener("click", (event) => void this.#pressed(event));
    text.addEventListener("keydown", ({ key }) => {
      if (key === "Escape") this.#close();
    });
    text
      .querySelector(".motion-head")
      ?.append(
        element(
          "p",
          { class: "meta no-print" },
          say("Pressez un mot : les actes qui l’ont fait s’affichent.", "Press a word: the acts that made it are shown."),
        ),
      );
  }

  async #pressed(event: MouseEvent): Promise<void> {
    const target = event.target instanceof Element ? event.target : null;
    const passage = target?.closest<HTMLElement>(PASSAGES);
    if (!passage || target?.closest("a, button, summary") || !getSelection()?.isCollapsed) return;
    const place = placeAt(event.clientX, event.clientY);
    const pressed = place && wordAt(passage, place.node, place.offset);
    if (!pressed) return;
    const asked = ++this.#asked;
    const address = new URL(this.text.dataset["words"] ?? "", location.href);
    address.searchParams.set("passage", passage.closest("[data-passage]")?.getAttribute("data-passage") ?? "titre");
    address.searchParams.set("mot", pressed.word);
    address.searchParams.set("fois", String(pressed.nth));
    try {
      const response = await fetch(address, { credentials: "same-origin" });
      if (!response.ok || asked !== this.#asked) return;
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      const answer = page.querySelector("[data-answer]");
      if (answer) this.#show(passage, answer);
    } catch {
      announce(say("Le réseau est coupé.", "The network is away."), true);
    }
  }

  #show(passage: HTMLElement, answer: Element): void {
    this.#close();
    const close = element("button", { type: "button", class: "link" }, say("Fermer", "Close"));
    const shown = element("aside", { class: "word-acts no-print", "aria-label": say("Pourquoi ce mot", "Why this word"), tabindex: "-1" });
    const copy = document.importNode(answer, true);
    for (const named of copy.querySelectorAll("section")) named.removeAttribute("aria-labelledby"); // no second landmark
    for (const place of copy.querySelectorAll("[id]")) place.removeAttribute("id");
    shown.append(...copy.childNodes, close);
    close.addEventListener("click", () => this.#close());
    passage.after(shown);
    this.#shown = shown;
    shown.focus({ preventScroll: true });
    shown.scrollIntoView({ block: "nearest" });
  }

  #close(): void {
    this.#shown?.remove();
    this.#shown = undefined;
  }
}

for (const text of document.querySelectorAll<HTMLElement>("[data-island=words]")) new WordActs(text);

import type { EditorState } from "prosemirror-state";
import { Decoration, type EditorView } from "prosemirror-view";
import { ySyncPluginKey, type ProsemirrorBinding } from "y-prosemirror";
import * as Y from "yjs";

import { announce } from "../shared/announce";
import { follow } from "../shared/channel";
import { element } from "../shared/element";
import { say } from "../shared/language";
import type { Author } from "../shared/presence";
import type { Content } from "../shared/side";
import type { Session } from "../shared/sync";
import { Authorship, type Span } from "./authorship";
import { idOf, numbered } from "./clauses";
import { itemsOf, lettersOf } from "./letters";

const COLOURS = 8;

const messages = {
  legend: say("Les auteurs de ce texte", "The authors of this text"),
  here: (name: string): string => say(`Au curseur\u00a0: ${name}`, `At the cursor: ${name}`),
  share: (share: number): string => say(`${share}\u202f% des lettres`, `${share}% of the letters`),
  fresh: say("vient d’écrire", "has just written"),
  unknown: say("Quelqu’un", "Somebody"),
  failed: say("Les auteurs n’ont pas pu être lus. Réessayez.", "The authors could not be read. Try again."),
};

/** An author of the text, as on the history page. */
interface Known {
  id: string;
  name: string;
  mark: number;
  colour: number;
  /** Percentage of the recorded letters; null if none of their words are recorded yet. */
  share: number | null;
}

interface Recorded {
  authors: Known[];
  clauses: Record<string, Span[]>;
  /** The person of each Yjs client id that wrote in the document. */
  owners: Record<string, string>;
}

/**
 * Shows who wrote each letter, on demand: from the record, and for newer letters from the client that inserted them.
 */
export class Authors implements Content {
  readonly element: HTMLElement;
  on = false;
  #recorded: Recorded = { authors: [], clauses: {}, owners: {} };
  #names = new Map<string, string>();
  #authorship = new Authorship();
  #isLearnt = true;
  #list = element("ul", {});
  #here = element("p", { class: "authors__here", role: "status" });
  #followed = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `redraw` draws the decorations of the text anew. */
  constructor(
    private readonly session: Session,
    private readonly view: EditorView,
    private readonly place: { authors: string; live: string; since: string; pause: number },
    private readonly redraw: () => void,
  ) {
    this.element = element("section", { class: "legend authors", "aria-label": messages.legend }, this.#list, this.#here);
    session.awareness.on("change", () => this.#meet());
    this.#meet();
    view.dom.addEventListener("click", ({ target }) => {
      const name = this.on && (target as Element).closest<HTMLElement>("[data-author]")?.title;
      if (name) announce(name, true);
    });
  }

  opened(): void {
    this.on = true;
    void this.#load().then(() => {
      this.redraw();
      this.#follow();
    });
  }

  closed(): void {
    this.on = false;
    this.redraw();
  }

  /** Shows the author at the cursor beside the legend, for people without a mouse. */
  update(): void {
    const { view } = this;
    if (!this.on) return;
    const { node } = view.domAtPos(view.state.selection.head);
    const holder = node instanceof Element ? node : node.parentElement;
    const name = holder?.closest<HTMLElement>("[data-author]")?.title ?? "";
    const words = name && messages.here(name);
    if (this.#here.textContent !== words) this.#here.textContent = words;
  }

  // From the record

  async #load(): Promise<void> {
    try {
      const answer = await fetch(this.place.authors, { credentials: "same-origin" });
      if (!answer.ok) throw new Error(String(answer.status));
      this.#recorded = (await answer.json()) as Recorded;
      for (const [client, person] of Object.entries(this.#recorded.owners)) this.#authorship.own(Number(client), person);
      this.#isLearnt = false;
    } catch {
      if (!this.#recorded.authors.length) announce(messages.failed, true);
    }
  }

  /** Loads again after recorded bursts, gathered. */
  #follow(): void {
    if (this.#followed) return;
    this.#followed = true;
    const again = (): void => {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.on && void this.#load().then(() => this.redraw()), Math.random() * pause);
    };
    const { live, since, pause } = this.place;
    follow(live, since, this.session.place.document, { take: again }, false);
  }

  // From the shared document

  /** Remembers the person of each client, also after they left. */
  #meet(): void {
    const { awareness, place, doc } = this.session;
    for (const [client, state] of awareness.getStates()) {
      const user = state["user"] as Partial<Author> | undefined;
      if (typeof user?.person === "string" && typeof user.name === "string")
        this.#own(client, user.person, user.name);
    }
    if (place.person) this.#own(doc.clientID, place.person, place.name);
  }

  #own(client: number, person: string, name: string): void {
    this.#authorship.own(client, person);
    this.#names.set(person, name);
  }

  draw(state: EditorState): Decoration[] {
    if (!this.on) return [];
    const { binding } = ySyncPluginKey.getState(state) as { binding: ProsemirrorBinding | null };
    const fragment = binding?.type as Y.XmlFragment | undefined;
    const known = new Map(this.#recorded.authors.map((each) => [each.id, { ...each }]));
    const clauses = numbered(state.doc).map(({ node, pos, index }) => {
      const shared = fragment?.get(index);
      const items = shared instanceof Y.XmlElement ? itemsOf(shared) : [];
      return { ...lettersOf(node, pos), items, id: idOf(node) };
    });
    if (!this.#isLearnt) this.#authorship.learn(clauses, this.#recorded.clauses);
    this.#isLearnt = true;
    const decorations = clauses.flatMap(({ positions, items }) => {
      const authors = items.map((item) => this.#authorship.of(item));
      return runs(authors, positions).flatMap(([author, from, to]) => marked(this.#known(known, author), from, to));
    });
    this.#show([...known.values()]);
    return decorations;
  }

  #known(known: Map<string, Known>, id: string): Known {
    const found = known.get(id);
    if (found) return found;
    const name = this.#names.get(id) ?? messages.unknown;
    const mark = known.size + 1;
    const entry = { id, name, mark, colour: ((mark - 1) % COLOURS) + 1, share: null };
    known.set(id, entry);
    return entry;
  }

  #show(authors: Known[]): void {
    const items = authors.map(({ name, mark, colour, share }) =>
      element(
        "li",
        {},
        element("span", { class: `author author-${colour}` }, String(mark)),
        ` ${name} `,
        element("span", { class: "meta" }, share === null ? messages.fresh : messages.share(share)),
      ),
    );
    if (this.#list.textContent !== items.map((item) => item.textContent).join("")) this.#list.replaceChildren(...items);
  }
}

/** Consecutive letters of one author, with their range in the document. */
function runs(authors: readonly string[], positions: readonly number[]): [string, number, number][] {
  const found: [string, number, number][] = [];
  positions.forEach((pos, i) => {
    const author = authors[i] ?? "";
    const last = found.at(-1);
    if (last?.[0] === author) last[2] = pos + 1;
    else found.push([author, pos, pos + 1]);
  });
  return found;
}

function marked({ id, name, mark, colour }: Known, from: number, to: number): Decoration[] {
  const look = { class: `author author-${colour}`, "data-author": id, title: name };
  return [
    Decoration.inline(from, to, look),
    Decoration.inline(from, from + 1, { class: "author__first", "data-mark": String(mark) }),
  ];
}

/** Neighbouring letters by one person. */
export type Span = [author: string, text: string];

/** The Yjs item of a letter: the client that inserted it, and its clock. */
export type LetterId = readonly [client: number, clock: number];

/** A clause as it stands in the shared document. */
export interface ClauseLetters {
  id: string;
  text: string;
  items: readonly LetterId[];
}

/**
 * Who wrote each letter: whoever owns the client that inserted it. An editor inserts words again that it moves, and an
 * accepted suggestion is inserted by who accepts it: those the record gives to somebody else, and they are remembered.
 */
export class Authorship {
  #owners = new Map<number, string>();
  #others = new Map<string, string>();

  /** `person` owns that client, in the document and from now on (C4). */
  own(client: number, person: string): void {
    this.#owners.set(client, person);
  }

  /** Compares with the record the clauses that read as they were recorded, letter by letter. */
  learn(clauses: readonly ClauseLetters[], recorded: Readonly<Record<string, readonly Span[]>>): void {
    for (const { id, text, items } of clauses) {
      const spans = recorded[id] ?? [];
      if (spans.map(([, words]) => words).join("") !== text) continue;
      const authors = spans.flatMap(([author, words]) => Array.from<string>({ length: words.length }).fill(author));
      items.forEach(([client, clock], i) => {
        const author = authors[i] ?? "";
        if (author !== this.#owners.get(client)) this.#others.set(`${client}:${clock}`, author);
        else this.#others.delete(`${client}:${clock}`);
      });
    }
  }

  /** "" when nobody is known to own the client. */
  of([client, clock]: LetterId): string {
    return this.#others.get(`${client}:${clock}`) ?? this.#owners.get(client) ?? "";
  }
}

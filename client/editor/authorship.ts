/** Consecutive letters by one person. */
export type Span = [author: string, text: string];

/** The Yjs item of a letter: the client that inserted it, and its clock. */
export type LetterId = readonly [client: number, clock: number];

/** A clause in the shared document. */
export interface ClauseLetters {
  id: string;
  text: string;
  items: readonly LetterId[];
}

/**
 * The author of each letter: the person who owns the client that inserted it. Editors insert words again when they move
 * them, and whoever accepts a suggestion inserts its words: for these the record names other authors, which are
 * remembered.
 */
export class Authorship {
  #owners = new Map<number, string>();
  #others = new Map<string, string>();

  /** Notes that `person` owns that client in this document, permanently (C4). */
  own(client: number, person: string): void {
    this.#owners.set(client, person);
  }

  /** Learns authors from the record, letter by letter, for clauses that read as recorded. */
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

  /** The author of a letter; "" if the client's owner is unknown. */
  of([client, clock]: LetterId): string {
    return this.#others.get(`${client}:${clock}`) ?? this.#owners.get(client) ?? "";
  }
}

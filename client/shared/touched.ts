import type * as Y from "yjs";

import type { Session } from "./sync";

type Part = Y.AbstractType<Y.YEvent<never>>;

/** Counts the parts of a document (passages, ideas) that were changed here and that the server has not confirmed yet. */
export class Touched {
  #parts = new Set<Part>();

  constructor(session: Session) {
    session.doc.on("afterTransaction", (transaction: Y.Transaction) => {
      if (!transaction.local) return;
      for (const type of transaction.changed.keys()) this.#parts.add(partOf(type as unknown as Part));
    });
    session.watch(() => {
      if (session.waiting === null) this.#parts.clear();
    });
  }

  get count(): number {
    return this.#parts.size;
  }
}

/** The child of the document's root in which a type lies; the root itself where its own children changed. */
function partOf(type: Part): Part {
  let part = type;
  for (let parent = part.parent as Part | null; parent?.parent; parent = part.parent as Part | null) part = parent;
  return part;
}

import type { Node, ResolvedPos } from "prosemirror-model";

import { say } from "../shared/language";
import { isKind, schema, type Kind } from "./schema";

export interface Numbered {
  node: Node;
  /** Position of the clause in the document. */
  pos: number;
  index: number;
  kind: Kind;
  /** Number within its kind, from 1, or as it stands in the debate (`standing`), such as `2 bis`. */
  number: number | string;
}

/** Numbers of a frozen text by clause: they stand still while it is debated, wherever a clause is then. */
let standing: ReadonlyMap<string, string> = new Map();

export const standUnder = (numbers: Readonly<Record<string, string>>): void => {
  standing = new Map(Object.entries(numbers));
};

export const kindOf = (clause: Node): Kind => {
  const kind: unknown = clause.attrs["kind"];
  return isKind(kind) ? kind : "demande";
};

export const idOf = (clause: Node): string => String(clause.attrs["id"] ?? "");

/** The clauses in order, each with its number within its kind. */
export function numbered(doc: Node): Numbered[] {
  const counts: Record<Kind, number> = { visa: 0, considerant: 0, demande: 0, intertitre: 0, note: 0 };
  const found: Numbered[] = [];
  doc.forEach((node, pos, index) => {
    if (node.type !== schema.nodes.clause) return;
    const kind = kindOf(node);
    counts[kind] += 1;
    const number = standing.size ? (standing.get(idOf(node)) ?? "") : counts[kind];
    found.push({ node, pos, index, kind, number });
  });
  return found;
}

const names: Record<Kind, string> = {
  visa: "Visa",
  considerant: say("Considérant", "Recital"),
  demande: say("Demande", "Demand"),
  intertitre: say("Intertitre", "Heading"),
  note: say("Note explicative", "Explanatory note"),
};

export const kindName = (kind: Kind): string => names[kind];

/** A short name of the kind, for a row of buttons. */
export const shortKindName = (kind: Kind): string => (kind === "note" ? "Note" : names[kind]);

export const clauseName = ({ kind, number }: Pick<Numbered, "kind" | "number">): string =>
  `${kindName(kind)} ${number}`.trim();

/** The clause around a position, if it is in one. */
export function clauseAround($pos: ResolvedPos): { node: Node; pos: number; index: number } | null {
  if ($pos.depth < 1 || $pos.node(1).type !== schema.nodes.clause) return null;
  return { node: $pos.node(1), pos: $pos.before(1), index: $pos.index(0) };
}

/** The clause of that id and where it begins. */
export function clauseOf(doc: Node, id: string): { node: Node; pos: number } | null {
  let found: { node: Node; pos: number } | null = null;
  doc.forEach((node, pos) => {
    if (!found && node.type === schema.nodes.clause && idOf(node) === id) found = { node, pos };
  });
  return found;
}

/** The excerpts that a clause cites, each once, in order. */
export function cited(clause: Node): string[] {
  const found = new Set<string>();
  clause.descendants((node) => {
    if (node.type === schema.nodes.citation) found.add(String(node.attrs["excerpt"]));
  });
  return [...found];
}

/** Words as a reader counts them: "l’État" is one, and punctuation set off by a space is none. */
export function countWords(doc: Node): number {
  const text = doc.textBetween(0, doc.content.size, " ", " ");
  return text.split(/[\s\u00a0\u202f]+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;
}

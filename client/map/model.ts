import { generateKeyBetween } from "fractional-indexing";
import * as Y from "yjs";

import { recordable } from "../shared/characters";
import { randomId } from "../shared/identifiers";

/** A node in the shared document. Siblings are sorted by (`order`, `id`). */
export interface MapNode {
  id: string;
  parent: string;
  order: string;
  text: string;
  excerpts: string[];
}

/** A node in the tree, after cycles and orphans were resolved. */
export interface Branch {
  node: MapNode;
  /** 1 for a main branch. */
  level: number;
  parent: Branch | null;
  children: Branch[];
}

export type SharedNodes = Y.Map<Y.Map<unknown>>;

const text = (value: unknown): string =>
  value instanceof Y.Text ? value.toString() : typeof value === "string" ? value : "";

export function readNodes(shared: SharedNodes): Map<string, MapNode> {
  const nodes = new Map<string, MapNode>();
  shared.forEach((value, id) => {
    if (!(value instanceof Y.Map)) return;
    const excerpts = value.get("excerpts");
    nodes.set(id, {
      id,
      parent: text(value.get("parent")),
      order: text(value.get("order")),
      text: text(value.get("text")),
      excerpts: excerpts instanceof Y.Map ? [...excerpts.keys()].sort((a, b) => Number(a) - Number(b)) : [],
    });
  });
  return nodes;
}

/**
 * The parent of each node, with orphans as main branches and every cycle cut at its smallest id: the same on every
 * replica and on the server, whatever moves were made at the same time.
 */
export function resolvedParents(nodes: ReadonlyMap<string, Pick<MapNode, "parent">>): Map<string, string> {
  const parents = new Map<string, string>();
  for (const [id, { parent }] of nodes) parents.set(id, nodes.has(parent) ? parent : "");
  const done = new Set<string>([""]);
  for (const start of nodes.keys()) {
    const path: string[] = [];
    let current = start;
    while (!done.has(current) && !path.includes(current)) {
      path.push(current);
      current = parents.get(current) ?? "";
    }
    const cycle = path.slice(path.indexOf(current));
    if (path.includes(current))
      parents.set(
        cycle.reduce((a, b) => (a < b ? a : b)),
        "",
      );
    path.forEach((id) => done.add(id));
  }
  return parents;
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** The main branches with all their descendants. */
export function grow(nodes: ReadonlyMap<string, MapNode>): Branch[] {
  const parents = resolvedParents(nodes);
  const below = new Map<string, MapNode[]>();
  for (const node of nodes.values()) {
    const parent = parents.get(node.id) ?? "";
    below.set(parent, [...(below.get(parent) ?? []), node]);
  }
  const branches = (id: string, parent: Branch | null): Branch[] =>
    (below.get(id) ?? [])
      .sort((a, b) => compare(a.order, b.order) || compare(a.id, b.id))
      .map((node) => {
        const branch: Branch = { node, parent, level: (parent?.level ?? 0) + 1, children: [] };
        branch.children = branches(node.id, branch);
        return branch;
      });
  return branches("", null);
}

/** All branches from top to bottom; with `collapsed`, without those inside a collapsed one. */
export function flatten(branches: Branch[], collapsed: ReadonlySet<string> = new Set()): Branch[] {
  return branches.flatMap((branch) => [
    branch,
    ...(collapsed.has(branch.node.id) ? [] : flatten(branch.children, collapsed)),
  ]);
}

/** A sort key between `before` and `after`; "" means no neighbour. */
export function keyBetween(before: string, after: string): string {
  try {
    return generateKeyBetween(before || null, before < after ? after : null);
  } catch {
    return before ? `${before}V` : "a0";
  }
}

/** Edits of one person on a shared map; each can be undone. */
export class Drawing {
  readonly nodes: SharedNodes;
  readonly undoManager: Y.UndoManager;
  branches: Branch[] = [];
  #byId = new Map<string, Branch>();

  constructor(private readonly doc: Y.Doc) {
    this.nodes = doc.getMap("nodes");
    this.undoManager = new Y.UndoManager(this.nodes, { trackedOrigins: new Set([this]), captureTimeout: 0 });
    this.refresh();
  }

  /** Calls the listener after every change, local or remote. */
  watch(listener: () => void): void {
    this.nodes.observeDeep(() => {
      this.refresh();
      listener();
    });
  }

  refresh(): void {
    this.branches = grow(readNodes(this.nodes));
    this.#byId = new Map(flatten(this.branches).map((branch) => [branch.node.id, branch]));
  }

  branch(id: string): Branch | undefined {
    return this.#byId.get(id);
  }

  siblings(branch: Branch): Branch[] {
    return branch.parent ? branch.parent.children : this.branches;
  }

  /** Adds a node after `sibling` among the children of `parent` ("" for main branches); last without a sibling. */
  add(parent: string, sibling?: string): string {
    const id = randomId();
    this.#act(() => {
      const node = new Y.Map<unknown>();
      node.set("parent", parent);
      node.set("order", this.#orderAfter(parent, sibling));
      node.set("text", "");
      node.set("excerpts", new Y.Map());
      this.nodes.set(id, node);
    });
    return id;
  }

  rename(id: string, typed: string): void {
    const node = this.nodes.get(id);
    const words = recordable(typed);
    if (node && text(node.get("text")) !== words) this.#act(() => node.set("text", words));
  }

  /** Moves a node after `sibling` among the children of `parent`; first if `sibling` is "", last without one. */
  move(id: string, parent: string, sibling?: string): boolean {
    const node = this.nodes.get(id);
    if (!node || this.holds(id, parent)) return false;
    const order = this.#orderAfter(parent, sibling, id);
    this.#act(() => {
      node.set("parent", parent);
      node.set("order", order);
    });
    return true;
  }

  /** Whether `other` is `id` or a descendant of it. */
  holds(id: string, other: string): boolean {
    for (let branch = this.branch(other) ?? null; branch; branch = branch.parent) {
      if (branch.node.id === id) return true;
    }
    return false;
  }

  /** Removes a node with all its descendants; returns how many were removed. */
  remove(id: string): number {
    const branch = this.branch(id);
    const gone = branch ? flatten([branch]) : [];
    this.#act(() => gone.forEach(({ node }) => this.nodes.delete(node.id)));
    return gone.length;
  }

  attach(id: string, excerpt: string): void {
    this.#excerpts(id, (excerpts) => excerpts.set(excerpt, true));
  }

  detach(id: string, excerpt: string): void {
    this.#excerpts(id, (excerpts) => excerpts.delete(excerpt));
  }

  indent(id: string): boolean {
    const branch = this.branch(id);
    const all = branch ? this.siblings(branch) : [];
    const before = all[all.findIndex((each) => each.node.id === id) - 1];
    return before ? this.move(id, before.node.id) : false;
  }

  outdent(id: string): boolean {
    const parent = this.branch(id)?.parent;
    return parent ? this.move(id, parent.parent?.node.id ?? "", parent.node.id) : false;
  }

  shift(id: string, direction: -1 | 1): boolean {
    const branch = this.branch(id);
    if (!branch) return false;
    const all = this.siblings(branch);
    const at = all.indexOf(branch);
    const target = direction > 0 ? all[at + 1] : all[at - 2];
    if (direction > 0 ? !target : at === 0) return false;
    return this.move(id, branch.parent?.node.id ?? "", target?.node.id ?? "");
  }

  #orderAfter(parent: string, sibling?: string, moving?: string): string {
    const all = (parent ? (this.branch(parent)?.children ?? []) : this.branches).filter(
      (each) => each.node.id !== moving,
    );
    const at = sibling === undefined ? all.length - 1 : all.findIndex((each) => each.node.id === sibling);
    const before = all[at]?.node.order ?? "";
    const after = all.slice(at + 1).find((each) => each.node.order > before);
    return keyBetween(before, after?.node.order ?? "");
  }

  #excerpts(id: string, change: (excerpts: Y.Map<unknown>) => void): void {
    const node = this.nodes.get(id);
    if (!node) return;
    this.#act(() => {
      if (!(node.get("excerpts") instanceof Y.Map)) node.set("excerpts", new Y.Map());
      change(node.get("excerpts") as Y.Map<unknown>);
    });
  }

  #act(change: () => void): void {
    this.doc.transact(change, this);
  }
}

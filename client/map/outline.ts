import { announce } from "../shared/announce";
import { element } from "../shared/element";
import type { Testimonies } from "../shared/testimonies";
import { editField } from "./field";
import * as messages from "./messages";
import { flatten, type Branch, type Drawing } from "./model";

/** State that both views of a map share: the selected node and the collapsed branches. */
export interface Choice {
  selected: string;
  collapsed: Set<string>;
}

export interface Neighbours {
  /** The people who are at a node now. */
  at: (id: string) => { name: string; color: string }[];
}

/** The map as an indented list, in which everything can be done by keyboard. */
export class Outline {
  readonly element: HTMLElement;
  #rows = new Map<string, HTMLLIElement>();
  #editing: { id: string; stop: (keep: boolean) => void } | null = null;
  #leaving = false;
  #relocating = false;

  constructor(
    private readonly drawing: Drawing,
    private readonly choice: Choice,
    private readonly testimonies: Testimonies,
    private readonly neighbours: Neighbours,
    private readonly writable: () => boolean,
    private readonly changed: () => void,
  ) {
    this.element = element("ul", {
      class: "outline-tree",
      role: "tree",
      "aria-label": messages.outlineLabel,
      "aria-describedby": "map-help",
      keydown: (event: KeyboardEvent) => this.#keys(event),
      click: (event: MouseEvent) => this.#clicked(event),
      dblclick: (event: MouseEvent) => this.#doubleClicked(event),
    });
  }

  render(): void {
    const shown = flatten(this.drawing.branches, this.choice.collapsed);
    if (!this.drawing.branch(this.choice.selected)) this.choice.selected = shown[0]?.node.id ?? "";
    const focused = document.activeElement?.closest<HTMLElement>("[data-node]")?.dataset["node"];
    const rows = shown.map((branch) => this.#row(branch));
    const known = new Set(shown.map(({ node }) => node.id));
    for (const id of this.#rows.keys()) if (!known.has(id)) this.#rows.delete(id);
    arrange(this.element, rows);
    if (focused && this.element.contains(document.activeElement) === false) this.focus();
  }

  focus(): void {
    this.#rows.get(this.choice.selected)?.focus();
  }

  select(id: string, focus = true): void {
    this.choice.selected = id;
    for (let branch = this.drawing.branch(id)?.parent ?? null; branch; branch = branch.parent)
      this.choice.collapsed.delete(branch.node.id);
    this.changed();
    if (focus) this.focus();
  }

  /** Opens the field of a node. `start` replaces its text, for a letter typed on the node. */
  edit(id: string, start?: string): void {
    this.#editing?.stop(true);
    const row = this.#rows.get(id);
    const branch = this.drawing.branch(id);
    if (!row || !branch || !this.writable()) return;
    const { field, stop } = editField(branch.node.text, start, {
      write: (words) => this.drawing.rename(id, words),
      next: (event) => this.#nextFrom(id, event),
      done: () => this.#closed(id),
    });
    this.#editing = { id, stop };
    row.querySelector(".node__text")?.replaceChildren(field);
    field.focus();
  }

  addSibling(): void {
    const branch = this.drawing.branch(this.choice.selected);
    this.#begin(branch ? this.drawing.add(branch.parent?.node.id ?? "", branch.node.id) : this.drawing.add(""));
  }

  addChild(): void {
    this.choice.collapsed.delete(this.choice.selected);
    this.#begin(this.drawing.add(this.choice.selected));
  }

  remove(): void {
    const branch = this.drawing.branch(this.choice.selected);
    if (!branch) return;
    const shown = flatten(this.drawing.branches, this.choice.collapsed);
    const before = shown[shown.indexOf(branch) - 1];
    const after = shown.find(
      (each, i) => i > shown.indexOf(branch) && !this.drawing.holds(branch.node.id, each.node.id),
    );
    const count = this.drawing.remove(branch.node.id);
    announce(messages.removed(count));
    this.select(after?.node.id ?? before?.node.id ?? "");
  }

  /** Moves a node and announces its new position. */
  relocate(change: (id: string) => boolean): void {
    const id = this.choice.selected;
    if (!change(id)) return;
    const branch = this.drawing.branch(id);
    this.select(id);
    if (branch) announce(messages.moved(nameOf(branch), branch.level));
  }

  #begin(id: string): void {
    this.select(id, false);
    this.edit(id);
  }

  /** Removes a node that was left empty. */
  #closed(id: string): void {
    this.#editing = null;
    const branch = this.drawing.branch(id);
    const blank =
      !this.#relocating &&
      branch &&
      !branch.node.text.trim() &&
      !branch.children.length &&
      !branch.node.excerpts.length;
    if (blank) {
      const all = this.drawing.siblings(branch);
      const next = all[all.indexOf(branch) - 1] ?? branch.parent ?? all[1];
      if (this.choice.selected === id) this.choice.selected = next?.node.id ?? "";
      this.drawing.remove(id);
    }
    this.changed();
  }

  /** Enter in a field starts the next idea, Tab changes its level, for taking notes while people speak. */
  #nextFrom(id: string, event: KeyboardEvent): void {
    const blank = !this.drawing.branch(id)?.node.text.trim();
    this.#relocating = event.key === "Tab";
    this.#editing?.stop(true);
    this.#relocating = false;
    if (event.key === "Tab") {
      this.relocate((each) => (event.shiftKey ? this.drawing.outdent(each) : this.drawing.indent(each)));
      this.edit(id);
    } else if (event.key === "Enter" && !blank) {
      if (event.ctrlKey || event.metaKey) this.addChild();
      else this.addSibling();
    } else this.focus();
  }

  #keys(event: KeyboardEvent): void {
    if (event.target instanceof HTMLInputElement) return;
    const run = this.#commandFor(event);
    this.#leaving = event.key === "Escape" || (this.#leaving && event.key === "Shift");
    if (!run) return;
    event.preventDefault();
    run();
  }

  #commandFor(event: KeyboardEvent): (() => void) | null {
    const modified = event.ctrlKey || event.metaKey;
    const browse = this.#browsing(event);
    if (browse) return browse;
    if (!this.writable()) return null;
    if (modified) return this.#modified(event);
    if (event.altKey && event.key === "ArrowUp") return () => this.relocate((id) => this.drawing.shift(id, -1));
    if (event.altKey && event.key === "ArrowDown") return () => this.relocate((id) => this.drawing.shift(id, 1));
    if (event.altKey) return null;
    switch (event.key) {
      case "Enter":
        return () => this.addSibling();
      case "F2":
        return () => this.edit(this.choice.selected);
      case "Delete":
      case "Backspace":
        return () => this.remove();
      case "Tab":
        return this.#tab(event.shiftKey);
    }
    return event.key.length === 1 && event.key !== " " ? () => this.edit(this.choice.selected, event.key) : null;
  }

  #modified(event: KeyboardEvent): (() => void) | null {
    const key = event.key.toLowerCase();
    if (key === "enter") return () => this.addChild();
    if (key === "y" || (key === "z" && event.shiftKey)) return () => this.drawing.undoManager.redo();
    return key === "z" ? () => this.drawing.undoManager.undo() : null;
  }

  /** Tab indents if possible, and otherwise, or after Escape, moves the focus, so that the list is no keyboard trap. */
  #tab(back: boolean): (() => void) | null {
    const branch = this.drawing.branch(this.choice.selected);
    if (this.#leaving || !branch) return null;
    if (back) return branch.parent ? () => this.relocate((id) => this.drawing.outdent(id)) : null;
    return this.drawing.siblings(branch)[0] === branch ? null : () => this.relocate((id) => this.drawing.indent(id));
  }

  #browsing(event: KeyboardEvent): (() => void) | null {
    if (event.altKey || event.ctrlKey || event.metaKey) return null;
    const shown = flatten(this.drawing.branches, this.choice.collapsed);
    const at = shown.findIndex(({ node }) => node.id === this.choice.selected);
    const branch = shown[at];
    const target = { ArrowDown: shown[at + 1], ArrowUp: shown[at - 1], Home: shown[0], End: shown.at(-1) }[event.key];
    if (target) return () => this.select(target.node.id);
    if (!branch) return null;
    const folded = this.choice.collapsed.has(branch.node.id);
    if (event.key === "ArrowRight" && folded) return () => this.fold(branch.node.id);
    if (event.key === "ArrowRight" && branch.children[0]) return () => this.select(branch.children[0]?.node.id ?? "");
    if (event.key === "ArrowLeft" && branch.children.length && !folded) return () => this.fold(branch.node.id);
    if (event.key === "ArrowLeft" && branch.parent) return () => this.select(branch.parent?.node.id ?? "");
    return null;
  }

  fold(id: string): void {
    if (!this.choice.collapsed.delete(id)) this.choice.collapsed.add(id);
    this.changed();
  }

  #clicked(event: MouseEvent): void {
    const target = event.target as Element;
    const id = target.closest<HTMLElement>("[data-node]")?.dataset["node"];
    if (!id || target.closest("input")) return;
    const excerpt = target.closest<HTMLElement>("[data-detach]")?.dataset["detach"];
    if (excerpt) this.drawing.detach(id, excerpt);
    else if (target.closest(".node__fold")) this.fold(id);
    else this.select(id);
  }

  #doubleClicked(event: MouseEvent): void {
    const id = (event.target as Element).closest<HTMLElement>("[data-node]")?.dataset["node"];
    if (id) this.edit(id);
  }

  #row(branch: Branch): HTMLLIElement {
    const { id } = branch.node;
    const row = this.#rows.get(id) ?? element("li", { role: "treeitem", "data-node": id, id: `node-${id}` });
    this.#rows.set(id, row);
    const chosen = id === this.choice.selected;
    const all = this.drawing.siblings(branch);
    row.className = `node node--level-${Math.min(branch.level, 4)}`;
    row.style.setProperty("--level", String(branch.level - 1));
    row.tabIndex = chosen ? 0 : -1;
    row.setAttribute("aria-level", String(branch.level));
    row.setAttribute("aria-setsize", String(all.length));
    row.setAttribute("aria-posinset", String(all.indexOf(branch) + 1));
    row.setAttribute("aria-selected", String(chosen));
    if (branch.children.length) row.setAttribute("aria-expanded", String(!this.choice.collapsed.has(id)));
    else row.removeAttribute("aria-expanded");
    if (this.#editing?.id !== id || !row.querySelector("input")) row.replaceChildren(...this.#contents(branch, chosen));
    return row;
  }

  #contents(branch: Branch, chosen: boolean): HTMLElement[] {
    const { id, excerpts } = branch.node;
    const folded = this.choice.collapsed.has(id);
    const fold = element(
      "span",
      { class: "node__fold", "aria-hidden": "true" },
      branch.children.length ? (folded ? "▸" : "▾") : "",
    );
    const words = element("span", { class: "node__text" }, nameOf(branch));
    const line = element("span", { class: "node__line" }, fold, words);
    if (excerpts.length) line.append(element("span", { class: "node__count" }, messages.excerpts(excerpts.length)));
    for (const { name, color } of this.neighbours.at(id)) {
      const badge = element("span", { class: "node__person" }, name);
      badge.style.setProperty("--author", color);
      line.append(badge);
    }
    return chosen && excerpts.length ? [line, this.#excerpts(excerpts)] : [line];
  }

  #excerpts(numbers: string[]): HTMLElement {
    const items = numbers.map((number) => {
      const source = this.testimonies.source(number);
      const words = source
        ? [
            element("q", {}, source.excerpt.quote),
            element("span", { class: "node__speaker" }, source.testimony.speaker),
          ]
        : [element("span", { class: "node__speaker" }, messages.excerptUnknown)];
      const detach = element(
        "button",
        {
          type: "button",
          class: "node__detach",
          "data-detach": number,
          "aria-label": messages.detach(number),
          tabindex: -1,
        },
        "×",
      );
      return element("span", { class: "node__excerpt" }, ...words, this.writable() ? detach : null);
    });
    return element("span", { class: "node__excerpts" }, ...items);
  }
}

export const nameOf = (branch: Branch): string => branch.node.text || messages.unnamed;

/** Reorders rows, moving only those at another position. */
function arrange(list: HTMLElement, rows: HTMLElement[]): void {
  const wanted = new Set<Element>(rows);
  for (const child of [...list.children]) if (!wanted.has(child)) child.remove();
  rows.forEach((row, i) => {
    if (list.children[i] !== row) list.insertBefore(row, list.children[i] ?? null);
  });
}

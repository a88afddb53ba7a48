import type { Node } from "prosemirror-model";
import type { EditorView } from "prosemirror-view";

import { element } from "../shared/element";
import { say } from "../shared/language";
import type { Testimonies } from "../shared/testimonies";
import { cited, clauseName, idOf, numbered, type Numbered } from "./clauses";
import { selectClause } from "./commands";

/** What the text cites now, by the same rule as the server (M9). */
export interface Footing {
  resting: Numbered[];
  /** Considérants and demandes that cite no published testimony. */
  bare: Numbered[];
  /** Numbers of the published testimonies that some clause cites. */
  reached: ReadonlySet<number>;
}

export function footing(doc: Node, testimonyOf: (excerpt: string) => number | undefined): Footing {
  const found: { resting: Numbered[]; bare: Numbered[]; reached: Set<number> } = {
    resting: [],
    bare: [],
    reached: new Set(),
  };
  for (const each of numbered(doc)) {
    const spoken = cited(each.node).flatMap((excerpt) => testimonyOf(excerpt) ?? []);
    spoken.forEach((number) => found.reached.add(number));
    const sourced = each.kind === "considerant" || each.kind === "demande";
    if (sourced && each.node.textContent.trim()) (spoken.length ? found.resting : found.bare).push(each);
  }
  return found;
}

const messages = {
  label: say("Ce que le texte fait entendre", "What the text gives voice to"),
  bare: say("Sans témoignage à l’appui :", "Resting on no testimony:"),
  allRest: say("Tout s’appuie sur un témoignage.", "Everything rests on a testimony."),
  missing: (count: number): string =>
    count > 1
      ? say(`${count} témoignages ne sont pas encore cités.`, `${count} testimonies are not cited yet.`)
      : say(`${count} témoignage n’est pas encore cité.`, `${count} testimony is not cited yet.`),
  see: say("Les voir", "See them"),
  passages: say("sourcés", "sourced"),
  testimonies: say("témoignages", "testimonies"),
};

export interface FootingView {
  element: HTMLElement;
  update: () => void;
  /** Numbers of the testimonies that the text cites now. */
  reached: () => ReadonlySet<number>;
}

/** A line that says how much of the text cites testimonies; expanded, it lists the clauses that do not. */
export function footingView(view: EditorView, testimonies: Testimonies, showMissing: () => void): FootingView {
  const summary = element("summary", { class: "footing__summary" });
  const body = element("div", { class: "footing__body" });
  const details = element("details", { class: "footing", "aria-label": messages.label }, summary, body);
  let now: Footing = { resting: [], bare: [], reached: new Set() };
  let shown = "";
  const update = (): void => {
    now = footing(view.state.doc, (excerpt) => testimonies.source(excerpt)?.testimony.number);
    const published = testimonies.all.length;
    const counts = [
      `${now.resting.length}/${now.resting.length + now.bare.length}`,
      `${now.reached.size}/${published}`,
    ];
    const key = [...counts, ...now.bare.map(({ node, number }) => `${idOf(node)}${number}`)].join(" ");
    details.hidden = published === 0;
    if (key === shown) return;
    shown = key;
    summary.replaceChildren(
      ...[messages.passages, messages.testimonies].flatMap((words, i) => [
        i ? " · " : "",
        counts[i] ?? "",
        element("span", { class: "footing__long" }, ` ${words}`),
      ]),
    );
    body.replaceChildren(...inside(published - now.reached.size));
  };
  const go = (id: string): void => {
    details.open = false;
    selectClause(id)(view.state, (tr) => view.dispatch(tr.scrollIntoView()));
    view.focus();
  };
  const inside = (missing: number): HTMLElement[] => {
    const buttons = now.bare.map((each) =>
      element(
        "button",
        { type: "button", class: "footing__clause", click: () => go(idOf(each.node)) },
        clauseName(each),
      ),
    );
    return [
      element("p", {}, now.bare.length ? messages.bare : messages.allRest),
      element("p", { class: "footing__clauses" }, ...buttons),
      missing
        ? element(
            "p",
            {},
            `${messages.missing(missing)} `,
            element("button", { type: "button", class: "link", click: showMissing }, messages.see),
          )
        : element("p", {}),
    ];
  };
  testimonies.watch(update);
  document.addEventListener("pointerdown", (event) => {
    if (!details.contains(event.target as Element)) details.open = false;
  });
  return { element: details, update, reached: () => now.reached };
}

import type { Awareness } from "y-protocols/awareness";

import { announce } from "./announce";
import { element } from "./element";
import { say } from "./language";

/** Colours of people: dark enough for white text on them, light enough to be visible as a cursor on a dark page. */
export const COLOURS = [
  "#b5410f",
  "#1f6fb5",
  "#8a4fc7",
  "#13795b",
  "#c02a6b",
  "#6b6a12",
  "#4d5fd1",
  "#8a5a2b",
] as const;

export interface Author {
  name: string;
  color: string;
  person: string;
}

/** The same colour for a person on every screen, derived from the pseudonym; consecutive people get different ones. */
export function colourOf(person: string): string {
  const number = [...person].reduce((sum, letter) => (/\d/.test(letter) ? sum * 10 + Number(letter) : sum), 0);
  return COLOURS[number % COLOURS.length] ?? COLOURS[0];
}

/** The people present, each once, oneself first. */
export function authors(awareness: Awareness): Author[] {
  const own = awareness.getLocalState()?.["user"] as Author | undefined;
  const found = new Map<string, Author>();
  if (own) found.set(own.person, own);
  for (const state of awareness.getStates().values()) {
    const user = state["user"] as Partial<Author> | undefined;
    if (!user || typeof user.name !== "string" || typeof user.person !== "string" || found.has(user.person)) continue;
    found.set(user.person, { name: user.name, person: user.person, color: colourOf(user.person) });
  }
  return [...found.values()];
}

export const initials = (name: string): string =>
  name
    .split(/[\s-]+/)
    .filter((word) => word)
    .slice(0, 2)
    .map((word) => [...word][0]?.toUpperCase() ?? "")
    .join("");

/** A list of the people present, kept up to date; arrivals and departures are announced, gathered over a second. */
export function presenceList(awareness: Awareness): HTMLElement {
  const list = element("ul", { class: "presence", "aria-label": say("Personnes présentes", "People here") });
  let shown: Author[] | null = null;
  let told: Author[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tell = (): void => {
    const news = difference(told, shown ?? []);
    told = shown ?? [];
    if (news) announce(news);
  };
  const update = (): void => {
    const now = authors(awareness);
    if (shown && sameAuthors(shown, now)) return;
    if (shown === null) told = now;
    shown = now;
    list.replaceChildren(...now.map((author) => chip(author, awareness)));
    clearTimeout(timer);
    timer = setTimeout(tell, 1000);
  };
  awareness.on("change", update);
  update();
  return list;
}

const sameAuthors = (a: Author[], b: Author[]): boolean =>
  a.length === b.length && a.every((author, i) => author.person === b[i]?.person && author.name === b[i]?.name);

function chip(author: Author, awareness: Awareness): HTMLElement {
  const own = (awareness.getLocalState()?.["user"] as Author | undefined)?.person === author.person;
  const name = own ? `${author.name} (${say("vous", "you")})` : author.name;
  const badge = element("span", { class: "presence__badge", "aria-hidden": "true" }, initials(author.name));
  badge.style.setProperty("--author", author.color);
  return element(
    "li",
    { class: "presence__person", title: name },
    badge,
    element("span", { class: "presence__name" }, name),
  );
}

function difference(before: Author[], after: Author[]): string {
  const has = (list: Author[], one: Author): boolean => list.some((other) => other.person === one.person);
  const came = after.filter((one) => !has(before, one)).map((one) => one.name);
  const left = before.filter((one) => !has(after, one)).map((one) => one.name);
  return [
    came.length ? `${say("Arrivée :", "Joined:")} ${came.join(", ")}.` : "",
    left.length ? `${say("Départ :", "Left:")} ${left.join(", ")}.` : "",
  ]
    .filter((part) => part)
    .join(" ");
}

import { command, unreachable } from "./commanding";

export interface Excerpt {
  number: number;
  quote: string;
}

export interface Testimony {
  number: number;
  title: string;
  text: string;
  /** The speaker, in one line. */
  speaker: string;
  excerpts: Excerpt[];
}

/** An idea of a map, with the numbers of the excerpts that it cites; `depth` counts from 0. */
export interface Idea {
  text: string;
  depth: number;
  excerpts: number[];
}

export interface IdeaMap {
  title: string;
  ideas: Idea[];
}

/** An excerpt with the testimony that it comes from. */
export interface Source {
  excerpt: Excerpt;
  testimony: Testimony;
}

/** The published testimonies and their excerpts, loaded once and again on demand. */
export class Testimonies {
  all: Testimony[] = [];
  maps: IdeaMap[] = [];
  /** Whether they are loaded: before that, a missing excerpt means nothing. */
  known = false;
  #sources = new Map<string, Source>();
  #listeners = new Set<() => void>();
  #loading: Promise<void> | null = null;

  constructor(
    private readonly address: string,
    private readonly slug: string,
  ) {}

  /** Calls the listener whenever testimonies or excerpts were loaded. */
  watch(listener: () => void): void {
    this.#listeners.add(listener);
  }

  source(excerpt: string): Source | undefined {
    return this.#sources.get(excerpt);
  }

  load(): Promise<void> {
    this.#loading ??= this.#fetch().finally(() => (this.#loading = null));
    return this.#loading;
  }

  /** Testimonies that contain every word of `words`, in their speaker, title, text or excerpts. */
  search(words: string): Testimony[] {
    const says = saying(words);
    return this.all.filter(({ title, speaker, text }) => says([title, speaker, text].join(" ")));
  }

  /**
   * The ideas of a map that contain every word of `words`, themselves or in the excerpts that they cite; and those
   * above them.
   */
  ideas({ ideas }: IdeaMap, words: string): Idea[] {
    const says = saying(words);
    const spoken = (excerpt: number): string => {
      const source = this.source(String(excerpt));
      return source ? `${source.excerpt.quote} ${source.testimony.speaker}` : "";
    };
    return searchIdeas(ideas, (idea) => says([idea.text, ...idea.excerpts.map(spoken)].join(" ")));
  }

  /** Makes the characters [from, to) of a testimony's text an excerpt that can be cited. */
  async quote(testimony: Testimony, from: number, to: number): Promise<Excerpt> {
    const quote = testimony.text.slice(from, to);
    const known = testimony.excerpts.find((excerpt) => excerpt.quote === quote);
    if (known) return known;
    const start = [...testimony.text.slice(0, from)].length;
    const data = { testimony: testimony.number, quote, medium: "text", start, end: start + [...quote].length };
    const { entries } = await command(this.slug, "excerpt.quote", data);
    const number = Number(entries[0]?.[2].split("-").at(-1));
    const excerpt = { number, quote };
    testimony.excerpts.push(excerpt);
    this.#index();
    return excerpt;
  }

  async #fetch(): Promise<void> {
    const answer = await fetch(this.address, { headers: { Accept: "application/json" }, credentials: "same-origin" });
    if (!answer.ok) throw new Error(unreachable());
    const body: unknown = await answer.json();
    this.all = readTestimonies(body);
    this.maps = readMaps(body);
    this.known = true;
    this.#index();
  }

  #index(): void {
    this.#sources = new Map(
      this.all.flatMap((testimony) =>
        testimony.excerpts.map((excerpt) => [String(excerpt.number), { excerpt, testimony }] as const),
      ),
    );
    for (const listener of this.#listeners) listener();
  }
}

/** Whether a text contains every word of `words`; every text does when there are none. */
function saying(words: string): (text: string) => boolean {
  const wanted = fold(words)
    .split(/\s+/)
    .filter((word) => word);
  return (text) => {
    const folded = wanted.length ? fold(text) : "";
    return wanted.every((word) => folded.includes(word));
  };
}

/** Text without accents and case, so that "ecole" finds "École". */
export const fold = (text: string): string => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

type Loose = Record<string, unknown>;

/** Reads a list of testimonies, bare or under the key `testimonies`. */
export function readTestimonies(body: unknown): Testimony[] {
  const list = Array.isArray(body)
    ? body
    : ((body as Loose | null)?.["testimonies"] ?? (body as Loose | null)?.["items"]);
  return (Array.isArray(list) ? (list as Loose[]) : []).map((each) => ({
    number: Number(each["number"]),
    title: String(each["title"] ?? ""),
    text: String(each["text"] ?? ""),
    speaker: speakerLine(each["speaker"]),
    excerpts: (Array.isArray(each["excerpts"]) ? (each["excerpts"] as Loose[]) : []).map((excerpt) => ({
      number: Number(excerpt["number"]),
      quote: String(excerpt["quote"] ?? ""),
    })),
  }));
}

/** Reads the maps that come with them, each from top to bottom. */
export function readMaps(body: unknown): IdeaMap[] {
  const list = (body as Loose | null)?.["maps"];
  return (Array.isArray(list) ? (list as Loose[]) : []).map((each) => ({
    title: String(each["title"] ?? ""),
    ideas: (Array.isArray(each["nodes"]) ? (each["nodes"] as Loose[]) : []).map((node) => ({
      text: String(node["text"] ?? ""),
      depth: Number(node["depth"] ?? 0),
      excerpts: (Array.isArray(node["excerpts"]) ? node["excerpts"] : []).map(Number),
    })),
  }));
}

/** The ideas for which `fits` is true, with those above them. */
export function searchIdeas(ideas: readonly Idea[], fits: (idea: Idea) => boolean): Idea[] {
  const kept = new Set<Idea>();
  const above: Idea[] = [];
  for (const idea of ideas) {
    above.length = Math.min(above.length, idea.depth);
    above.push(idea);
    if (fits(idea)) above.forEach((each) => kept.add(each));
  }
  return ideas.filter((idea) => kept.has(idea));
}

function speakerLine(speaker: unknown): string {
  if (typeof speaker !== "object" || speaker === null) return String(speaker ?? "");
  const { name, mandate, collectivity } = speaker as Record<string, string>;
  return [name, mandate, collectivity].filter((part) => part).join(", ");
}

import { command, unreachable } from "./commanding";

export interface Excerpt {
  number: number;
  quote: string;
}

export interface Testimony {
  number: number;
  title: string;
  text: string;
  /** Who speaks, in one line. */
  speaker: string;
  excerpts: Excerpt[];
}

/** An excerpt with the testimony that it comes from. */
export interface Source {
  excerpt: Excerpt;
  testimony: Testimony;
}

/** The published testimonies and their excerpts, read once and on demand again. */
export class Testimonies {
  all: Testimony[] = [];
  /** Whether they were read: before, nothing can be said of an excerpt that is not among them. */
  known = false;
  #sources = new Map<string, Source>();
  #listeners = new Set<() => void>();
  #loading: Promise<void> | null = null;

  constructor(
    private readonly address: string,
    private readonly slug: string,
  ) {}

  /** Calls back whenever testimonies or excerpts become known. */
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
    const wanted = fold(words)
      .split(/\s+/)
      .filter((word) => word);
    if (!wanted.length) return this.all;
    return this.all.filter((testimony) => {
      const text = fold([testimony.title, testimony.speaker, testimony.text].join(" "));
      return wanted.every((word) => text.includes(word));
    });
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
    this.all = readTestimonies(await answer.json());
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

/** Letters without accents or case, so that "ecole" finds "École". */
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

function speakerLine(speaker: unknown): string {
  if (typeof speaker !== "object" || speaker === null) return String(speaker ?? "");
  const { name, mandate, collectivity } = speaker as Record<string, string>;
  return [name, mandate, collectivity].filter((part) => part).join(", ");
}

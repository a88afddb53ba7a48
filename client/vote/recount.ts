/**
 * Recounts a closed poll from its published data, by the same rules as the server (V5–V7, V10, V20, W6, W7, W14, W20).
 */

import { big, WAYS, type Counts, type Way } from "./ways";

export interface Rule {
  majority_n: number;
  majority_d: number;
  strict: boolean;
  base: "exprimes" | "presents" | "inscrits";
  tie: string;
  chair: string;
  quorum_n: number;
  quorum_d: number;
  quorum_strict: boolean;
  quorum_base: "personnes" | "voix";
}

export interface Hands {
  in_favour: number;
  against: number;
  abstain: number;
  present: number;
  chair: string;
  proxies_for?: number;
  proxies_against?: number;
  proxies_abstain?: number;
}

/** A poll as `/api/v1/c/{slug}/scrutins/{n}` publishes it. */
export interface Poll {
  rule: Rule;
  terms: { way: Way };
  electorate: string[];
  ballots: Record<string, "pour" | "contre" | "abstention">;
  by_proxy: Record<string, string>;
  borne: Record<string, string>;
  weights: Record<string, number>;
  signed: Record<string, number>;
  papers: number[];
  counts: Record<string, Hands>;
  hands: Hands | null;
  candidates: string[];
  seats?: number;
  /** Who was present at the opening, by the list of the sitting; else how many were stated; else null (V20). */
  present?: string[] | null;
  stated?: number | null;
  /** The version of the counting rules. */
  counting?: number;
}

/** Figures by name, as exact integers. `carried` is 1 or 0. */
export type Figures = Record<string, bigint>;

/** The smallest whole number that is more than n/d of the base, or at least n/d of it. */
export function least(base: bigint, n: number, d: number, strict: boolean): bigint {
  const share = (base * big(n)) / big(d);
  return strict || (base * big(n)) % big(d) !== 0n ? share + 1n : share;
}

export function recount(poll: Poll, absolute = true): Figures {
  const counts = WAYS[poll.terms.way].counted(poll);
  const steps = poll.candidates.length ? round(poll, absolute, counts) : majority(poll.rule, counts);
  const quorum = quorumOf(poll, counts);
  const met = !quorum || counts.attending >= quorum;
  return {
    people: big(poll.electorate.length),
    entitled: counts.entitled,
    voters: big(counts.voters),
    ...steps,
    attending: counts.attending,
    quorum_needed: quorum,
    carried: met && steps["carried"] ? 1n : 0n,
  };
}

function majority(rule: Rule, { inFavour, against, abstain, entitled, present, chair }: Counts): Figures {
  const votes = inFavour + against;
  const base = { exprimes: votes, presents: present, inscrits: entitled }[rule.base];
  const share = least(base, rule.majority_n, rule.majority_d, rule.strict);
  const needed = share > 1n ? share : 1n;
  const simple = rule.base === "exprimes" && rule.majority_n * 2 === rule.majority_d;
  const chairs = rule.tie === "chair" && simple && inFavour === against && inFavour > 0n && chair === "pour";
  return { in_favour: inFavour, against, abstain, base, needed, carried: inFavour >= needed || chairs ? 1n : 0n };
}

/**
 * Counts a round. For several seats a paper was split into one mark per seat, and a blank one is blank on all of them.
 */
function round(poll: Poll, absolute: boolean, counts: Counts): Figures {
  const seats = poll.seats ?? 1;
  const votes = poll.candidates.map((_, place) => poll.papers.filter((paper) => paper === place).length);
  const blank = Math.floor(poll.papers.filter((paper) => paper === votes.length).length / seats);
  const base = Math.floor(poll.papers.length / seats) - blank;
  const floor = absolute ? Math.floor(base / 2) + 1 : 1;
  const ranked = votes.filter((number) => number >= floor).sort((a, b) => b - a);
  const last = ranked.slice(0, seats).at(-1) ?? 0;
  const elected = (ranked[seats] === last ? ranked.filter((number) => number > last) : ranked.slice(0, seats)).length;
  return {
    ...Object.fromEntries(votes.map((number, place) => [`candidate-${place}`, big(number)])),
    abstain: big(blank),
    base: big(base),
    needed: big(absolute ? floor : Math.max(last, 1)),
    carried: elected && counts.voters ? 1n : 0n,
  };
}

function quorumOf({ rule, candidates }: Poll, { members }: Counts): bigint {
  if (!rule.quorum_n) return 0n;
  return least(members, rule.quorum_n, rule.quorum_d, rule.quorum_strict || candidates.length > 0);
}

/** The ways of voting as one table: what is recounted in a closed poll, and its name. */

import { language, say } from "../shared/language";
import type { Hands, Poll } from "./recount";

export type Way = "public" | "mains" | "secret";

export interface Counts {
  inFavour: bigint;
  against: bigint;
  abstain: bigint;
  entitled: bigint;
  voters: number;
  attending: bigint;
  members: bigint;
  /** The base "présents": votes of those present, and by proxy (V20). */
  present: bigint;
  chair: string;
}

interface WayOfVoting {
  counted: (poll: Poll) => Counts;
  /** The source of the recount, in words. */
  source: (poll: Poll) => string;
}

const number = new Intl.NumberFormat(language);

export const big = (n: number): bigint => BigInt(n);

export const WAYS: Record<Way, WayOfVoting> = {
  public: {
    counted: (poll) => ({
      ...byVoters(poll, Object.keys(poll.ballots), (choice) => cast(poll, choice)),
      chair: poll.rule.chair in poll.by_proxy ? "" : (poll.ballots[poll.rule.chair] ?? ""),
    }),
    source: (poll) => amount(Object.keys(poll.ballots).length, ["bulletin", "ballot"], ["bulletins", "ballots"]),
  },
  mains: {
    counted: (poll) => byHands(poll, standing(poll)),
    source: () => say("le compte des scrutateurs", "the count of the tellers"),
  },
  secret: {
    counted: (poll) => byVoters(poll, Object.keys(poll.signed), (choice) => papers(poll, choice)),
    source: (poll) =>
      amount(Object.keys(poll.signed).length, ["bulletin secret", "secret paper"], ["bulletins secrets", "secret papers"]),
  },
};

const amount = (n: number, one: [string, string], many: [string, string]): string =>
  `${number.format(n)} ${n > 1 ? say(...many) : say(...one)}`;

/**
 * Counts for ways in which each voter takes part alone or by proxy; `answered` is the number of votes with an answer.
 */
function byVoters(poll: Poll, voters: string[], answered: (choice: string) => bigint): Counts {
  const there = inPerson(poll, voters);
  const inVoices = poll.rule.quorum_base === "voix";
  const quorum = (people: Iterable<string>): bigint => (inVoices ? voices(poll, people) : big([...people].length));
  return {
    inFavour: answered("pour"),
    against: answered("contre"),
    abstain: answered("abstention"),
    entitled: voices(poll, poll.electorate),
    voters: voters.length,
    attending: poll.present || !isStated(poll.stated) ? quorum(poll.present ?? there) : big(poll.stated),
    members: quorum(poll.electorate),
    present: presentWith(poll, voters, there),
    chair: "",
  };
}

const isStated = (stated: Poll["stated"]): stated is number => typeof stated === "number";

const countsThosePresent = (poll: Poll): boolean => (poll.counting ?? 1) >= 2;

const bearersOf = (poll: Poll): Record<string, string> => ({ ...poll.by_proxy, ...poll.borne });

/** Those who took part in person: they voted for themselves or for another. */
function inPerson(poll: Poll, voters: string[]): Set<string> {
  const bearers = bearersOf(poll);
  return new Set([...voters.filter((voter) => !(voter in bearers)), ...Object.values(bearers)]);
}

/**
 * The votes of those present at the opening, of those who took part since, and by proxy; by the first rules, of those
 * who voted.
 */
function presentWith(poll: Poll, voters: string[], there: Set<string>): bigint {
  if (!countsThosePresent(poll)) return voices(poll, voters);
  if (!poll.present && isStated(poll.stated)) {
    const represented = Object.keys(bearersOf(poll)).filter((giver) => !there.has(giver)).length;
    return big(Math.max(poll.stated, there.size) + represented);
  }
  return voices(poll, new Set([...there, ...voters, ...(poll.present ?? [])]));
}

const voices = (poll: Poll, people: Iterable<string>): bigint =>
  [...people].reduce((sum, person) => sum + big(poll.weights[person] ?? 1), 0n);

const cast = (poll: Poll, choice: string): bigint =>
  voices(
    poll,
    Object.keys(poll.ballots).filter((voter) => poll.ballots[voter] === choice),
  );

/** The sorts of papers; the index is the number in the box. */
const SORTS = ["pour", "contre", "abstention"];

const papers = (poll: Poll, choice: string): bigint =>
  big(poll.papers.filter((paper) => SORTS[paper] === choice).length);

/** The valid count: what the chair decided, else the tellers' common count. */
const standing = (poll: Poll): Hands =>
  poll.hands ?? Object.values(poll.counts)[0] ?? { in_favour: 0, against: 0, abstain: 0, present: 0, chair: "" };

function byHands(poll: Poll, hands: Hands): Counts {
  const [yes, no, none] = [hands.proxies_for ?? 0, hands.proxies_against ?? 0, hands.proxies_abstain ?? 0];
  const [raised, byProxy] = [hands.in_favour + hands.against + hands.abstain, yes + no + none];
  const there = poll.present?.length ?? poll.stated ?? hands.present;
  return {
    inFavour: big(hands.in_favour + yes),
    against: big(hands.against + no),
    abstain: big(hands.abstain + none),
    entitled: big(poll.electorate.length),
    voters: raised + byProxy,
    attending: big(there),
    members: big(poll.electorate.length),
    present: big(countsThosePresent(poll) ? Math.max(there, raised) + byProxy : raised + byProxy),
    chair: hands.chair,
  };
}

import { actor } from "./identifiers";

/** Begins the keys of ballots that the server has not confirmed. */
export const BALLOTS = "pleniere:ballot:";
const KEPT_DAYS = 3;

/** Answers by the name of their field, as they are sent under one id for as long as it takes. */
export interface Cast {
  id: string;
  answers: Record<string, string>;
}

/** A ballot that waits on this device. Of a secret one the answers are left out: they are never kept in a browser. */
export interface WaitingBallot extends Cast {
  slug: string;
  poll: number;
  voter: string;
  kind: string;
  since: number;
}

export const ballotKey = (poll: number, voter: string): string => `${BALLOTS}${actor()}:${poll}:${voter}`;

/** Keeps it for the next page; a browser that keeps nothing sends it all the same. */
export function keepBallot(ballot: WaitingBallot): void {
  const answers = ballot.kind === "secret" ? {} : ballot.answers;
  try {
    localStorage.setItem(ballotKey(ballot.poll, ballot.voter), JSON.stringify({ ...ballot, answers }));
  } catch {
    // It is on its way; only a closed page would not be told of it.
  }
}

export const forgetBallot = (key: string): void => localStorage.removeItem(key);

export function waitingBallot(key: string): WaitingBallot | null {
  try {
    return JSON.parse(localStorage.getItem(key) ?? "null") as WaitingBallot | null;
  } catch {
    return null;
  }
}

/** Those of whoever is signed in, by their keys; what is days old is dropped. */
export function waitingBallots(): [string, WaitingBallot][] {
  const oldest = Date.now() - KEPT_DAYS * 86_400_000;
  return Object.keys(localStorage).flatMap((key) => {
    const ballot = key.startsWith(`${BALLOTS}${actor()}:`) ? waitingBallot(key) : null;
    if (ballot && ballot.since > oldest) return [[key, ballot] as [string, WaitingBallot]];
    if (ballot) forgetBallot(key);
    return [];
  });
}

import { actor } from "./identifiers";

/** Prefix of the storage keys of ballots that the server has not confirmed. */
export const BALLOTS = "pleniere:ballot:";
const KEPT_DAYS = 3;

/** Answers by field name, sent under one command id until the server has answered. */
export interface Cast {
  id: string;
  answers: Record<string, string>;
}

/**
 * A ballot stored on this device until it is confirmed. The answers of a secret one are left out: they are never stored
 * in a browser.
 */
export interface WaitingBallot extends Cast {
  slug: string;
  poll: number;
  voter: string;
  kind: string;
  since: number;
}

export const ballotKey = (poll: number, voter: string): string => `${BALLOTS}${actor()}:${poll}:${voter}`;

/** Stores it for the next page; a browser that cannot store anything still sends it. */
export function keepBallot(ballot: WaitingBallot): void {
  const answers = ballot.kind === "secret" ? {} : ballot.answers;
  try {
    localStorage.setItem(ballotKey(ballot.poll, ballot.voter), JSON.stringify({ ...ballot, answers }));
  } catch {
    // Nothing could be stored: the ballot is still being sent, but a page opened after this one closed would not know of it.
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

/** The waiting ballots of the signed-in person, by key; those that are days old are dropped. */
export function waitingBallots(): [string, WaitingBallot][] {
  const oldest = Date.now() - KEPT_DAYS * 86_400_000;
  return Object.keys(localStorage).flatMap((key) => {
    const ballot = key.startsWith(`${BALLOTS}${actor()}:`) ? waitingBallot(key) : null;
    if (ballot && ballot.since > oldest) return [[key, ballot] as [string, WaitingBallot]];
    if (ballot) forgetBallot(key);
    return [];
  });
}

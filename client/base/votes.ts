import { ballotKey, forgetBallot, waitingBallots, type WaitingBallot } from "../shared/ballots";
import { element } from "../shared/element";
import { say } from "../shared/language";

const messages = {
  public: (poll: number): string =>
    say(
      `Votre vote au scrutin n° ${poll} n’a pas été confirmé par le serveur. Envoyez-le de nouveau : il ne comptera qu’une fois.`,
      `The server did not confirm your vote in poll no. ${poll}. Send it again: it will count once.`,
    ),
  secret: (poll: number): string =>
    say(
      `Votre bulletin du scrutin secret n° ${poll} n’a pas été confirmé par le serveur. Ce navigateur n’en garde rien : voyez s’il est dans l’urne, sinon votez.`,
      `The server did not confirm your paper in secret poll no. ${poll}. This browser keeps nothing of it: see whether it is in the box, else vote.`,
    ),
  see: say("Aller au scrutin", "Go to the poll"),
  forget: say("Ne plus le dire", "Do not tell me again"),
};

/** Shows on every page that a ballot has not been confirmed; the ballot's own page sends it again. */
export function tellVotes(): void {
  for (const [key, ballot] of waitingBallots()) if (!isShown(ballot)) document.querySelector("main")?.prepend(notice(key, ballot));
}

const isShown = ({ poll, voter }: WaitingBallot): boolean =>
  [...document.querySelectorAll<HTMLElement>("form[data-island=vote]")].some(
    ({ dataset }) => ballotKey(Number(dataset["poll"]), dataset["voter"] ?? "") === ballotKey(poll, voter),
  );

function notice(key: string, { slug, poll, kind }: WaitingBallot): HTMLElement {
  const said = kind === "secret" ? messages.secret(poll) : messages.public(poll);
  const forget = (): void => {
    forgetBallot(key);
    shown.remove();
  };
  const shown = element(
    "p",
    { class: "notice careful", role: "status" },
    `${said} `,
    element("a", { href: `/c/${slug}/scrutins/${poll}` }, messages.see),
    " ",
    element("button", { type: "button", class: "link", click: forget }, messages.forget),
  );
  addEventListener("storage", (event) => event.key === key && event.newValue === null && shown.remove());
  return shown;
}

import { say } from "./language";
import { Preference } from "./preferences";

/** The wish of one person of one congress, stored on this device. */
export const wishOf = (actor: string): Preference => new Preference(`vote-alerts:${actor}`, false);

/** Tells an élu whose page is in the background of a vote: by the title, and by a notification if they asked for it. */
export class VoteAlert {
  #title: string | null = null;
  #notification: Notification | null = null;

  /** `address` is where one votes. */
  constructor(
    private readonly address: string,
    private readonly wish: Preference,
  ) {
    document.addEventListener("visibilitychange", () => !document.hidden && this.end());
  }

  /** `said` is what everybody may read of the vote. */
  tell(said: string): void {
    if (!document.hidden) return;
    this.#title ??= document.title;
    document.title = `${said} — ${this.#title}`;
    if (this.wish.value) this.#notification = notify(said, this.address) ?? this.#notification;
  }

  /** The vote is over, or the page is seen. */
  end(): void {
    if (this.#title !== null) document.title = this.#title;
    this.#title = null;
    this.#notification?.close();
    this.#notification = null;
  }
}

/** Shows a notification that leads to `address`; null where the browser does not, or may not. */
function notify(said: string, address: string): Notification | null {
  if (globalThis.Notification?.permission !== "granted") return null;
  try {
    const shown = new Notification(said, { tag: address, lang: document.documentElement.lang });
    shown.onclick = () => {
      window.focus();
      location.assign(address);
    };
    return shown;
  } catch {
    return null; // some phones show notifications of service workers only
  }
}

/** The button of one's own menu: asks the browser, shows a first notification as a proof, and remembers the wish. */
export function offerAlerts(button: HTMLButtonElement, wish: Preference): void {
  if (!("Notification" in globalThis)) return;
  const state = document.getElementById(button.getAttribute("aria-describedby") ?? "");
  const show = (said = ""): void => {
    const isOn = wish.value && Notification.permission === "granted";
    button.setAttribute("aria-pressed", String(isOn));
    if (state) state.textContent = said || (isOn ? say("Activé sur cet appareil.", "On, on this device.") : "");
  };
  button.addEventListener("click", () => void press(wish, button.dataset["address"] ?? "").then(show));
  button.hidden = false;
  show();
}

/** Returns why it is not done; "" if it is. */
async function press(wish: Preference, address: string): Promise<string> {
  if (wish.value && Notification.permission === "granted") {
    wish.set(false);
    return "";
  }
  if ((await Notification.requestPermission()) !== "granted") return refused;
  if (!notify(say("Vous serez averti des votes.", "You will be told of votes."), address)) return unable;
  wish.set(true);
  return "";
}

const refused = say(
  "Le navigateur refuse les notifications de ce site ; ses réglages le permettent.",
  "The browser refuses notifications of this site; its settings allow them.",
);
const unable = say(
  "Ce navigateur ne montre pas de notification d’une page ouverte. Le titre de l’onglet dira les votes.",
  "This browser shows no notification of an open page. The title of the tab will tell of votes.",
);

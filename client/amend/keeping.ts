import { announce } from "../shared/announce";
import { element } from "../shared/element";
import * as messages from "./messages";

export type Kept = "untouched" | "keeping" | "kept" | "unkept" | "offline" | "offlineUnkept";

/**
 * The state of a draft as shown: stored on this device or not. It is never shown as tabled before the server confirms
 * it.
 */
export function stateOf(touched: boolean, kept: boolean | null, online: boolean): Kept {
  if (!touched) return "untouched";
  if (!online) return kept === false ? "offlineUnkept" : "offline";
  return kept === null ? "keeping" : kept ? "kept" : "unkept";
}

const LOOKS: Record<Kept, string> = {
  untouched: "untouched",
  keeping: "saving",
  kept: "kept",
  unkept: "refused",
  offline: "offline",
  offlineUnkept: "refused",
};
const TOLD: ReadonlySet<Kept> = new Set(["unkept", "offline", "offlineUnkept"]);

export interface Keeping {
  element: HTMLElement;
  /** Called when the words changed; `touched` if they differ from the initial ones. */
  wrote: (touched: boolean) => void;
}

/** Shows the state of the draft, always visible; without a network the form is not sent, and says so. */
export function keeping(form: HTMLFormElement): Keeping {
  const text = element("span", { class: "saving__text" });
  const mark = element("span", { class: "saving__mark", "aria-hidden": "true" });
  const shown = element("p", { class: "saving" }, mark, text);
  let touched = false;
  let kept: boolean | null = null;
  let told: Kept | null = null;
  const show = (): void => {
    const state = stateOf(touched, kept, navigator.onLine);
    text.textContent = messages.states[state];
    shown.dataset["state"] = LOOKS[state];
    if (TOLD.has(state) && told !== state) announce(messages.states[state]);
    told = state;
  };
  form.addEventListener("drafted", (event) => {
    kept = (event as CustomEvent<boolean>).detail;
    show();
  });
  addEventListener("online", show);
  addEventListener("offline", show);
  show();
  return {
    element: shown,
    wrote: (now) => {
      touched = now;
      kept = null;
      show();
    },
  };
}

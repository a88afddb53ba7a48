import { compare, readCheckpoint, remember, remembered, type Checkpoint } from "../record/checkpoint";
import { element } from "../shared/element";
import { language, say } from "../shared/language";

const SESSION = "pleniere:checked:";
const PAUSE = 600_000;
const AGAIN = 8000;

/**
 * Stores the latest signed checkpoint of a congress, and warns when the server later shows a shorter or another record.
 * Asks at most every ten minutes, when the page is idle.
 */
export function rememberCheckpoint(): void {
  const slug = /^\/c\/([a-z0-9-]+)\//.exec(location.pathname)?.[1];
  if (!slug || Date.now() - Number(sessionStorage.getItem(SESSION + slug) ?? 0) < PAUSE) return;
  const idle = globalThis.requestIdleCallback ?? ((run: () => void) => setTimeout(run, 1500));
  idle(() => void look(slug).catch(() => undefined));
}

async function look(slug: string): Promise<void> {
  const now = await fetchCheckpoint(slug, "default");
  if (!now) return;
  sessionStorage.setItem(SESSION + slug, String(Date.now()));
  const before = remembered(slug);
  const found = compare(before, now);
  if (found === "new" || found === "longer") return remember(slug, now);
  if (!before || found === "same") return;
  // A cache in between may lag by seconds: ask again without it before raising an alarm.
  await new Promise((resolve) => setTimeout(resolve, AGAIN));
  const later = await fetchCheckpoint(slug, "reload");
  if (later && ["shorter", "changed"].includes(compare(before, later))) warn(before, later);
}

async function fetchCheckpoint(slug: string, cache: RequestCache): Promise<Checkpoint | null> {
  const answer = await fetch(`/c/${slug}/registre/checkpoint`, { cache });
  return answer.ok ? readCheckpoint(await answer.text()) : null;
}

function warn(before: Checkpoint & { seen: number }, now: Checkpoint): void {
  const date = new Date(before.seen).toLocaleString(language);
  const known = `${before.size} · ${before.root} · ${date}`;
  const shown = `${now.size} · ${now.root}`;
  document
    .querySelector("main")
    ?.prepend(
      element(
        "div",
        { class: "notice wrong", role: "alert" },
        element(
          "h2",
          {},
          say(
            "Le registre n’est plus celui que ce navigateur connaissait",
            "The record is no longer the one this browser knew",
          ),
        ),
        element(
          "p",
          {},
          say(
            "Il a rétréci ou changé : une sauvegarde ancienne a pu être remise en place, ou l’histoire être réécrite. Notez ces empreintes et prévenez l’organisation.",
            "It has shrunk or changed: an old backup may have been restored, or history rewritten. Note these fingerprints and tell the organisers.",
          ),
        ),
        element(
          "dl",
          { class: "facts" },
          element("dt", {}, say("Connu", "Known")),
          element("dd", { class: "fingerprint" }, known),
          element("dt", {}, say("Présenté", "Shown")),
          element("dd", { class: "fingerprint" }, shown),
        ),
      ),
    );
}

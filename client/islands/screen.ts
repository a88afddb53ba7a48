import { fit } from "../shared/fit";
import { swap } from "../shared/swap";

/** The screen of the hall: fits its content to the picture, renews the code of the hall, fills the screen on "f". */
const root = document.documentElement;
const stage = document.querySelector<HTMLElement>(".stage-fit");

function refit(): void {
  if (stage) fit(root, stage);
}

addEventListener("resize", refit);
document.addEventListener("shown", refit);
void document.fonts.ready.then(refit);
refit();

document.addEventListener("keydown", (event) => {
  if (event.key.toLowerCase() !== "f" || event.ctrlKey || event.metaKey || event.altKey) return;
  void (document.fullscreenElement ? document.exitFullscreen() : root.requestFullscreen());
});

const code = document.querySelector<HTMLElement>("[data-code]");

/** The code of the hall changes while the page stays: a reload would leave the full screen. */
async function renew(place: HTMLElement): Promise<void> {
  const answer = await fetch(place.dataset["code"] ?? "").catch(() => null);
  if (answer?.ok) swap(place, await answer.text());
  refit();
}

if (code) setInterval(() => void renew(code), Number(code.dataset["seconds"]) * 1000);

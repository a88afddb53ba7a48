import { say } from "./language";

const TICK = 200;

/** Milliseconds by which this device's clock is behind the server's, measured at the first byte of the page. */
const offsets = new WeakMap<HTMLElement, number>();
const navigation = performance.getEntriesByType("navigation")[0] as PerformanceNavigationTiming | undefined;
const pageCame = performance.timeOrigin + (navigation?.responseStart ?? 0);

/** For a fragment without a time of its own, which came after the page, the offset of the page is used. */
function behind(place: HTMLElement, withPage: boolean): number {
  const page = document.querySelector<HTMLElement>("[data-clock]")?.dataset["clock"];
  const sent = place.dataset["now"];
  if (sent === undefined && page !== undefined) return Date.parse(page) - pageCame;
  return Date.parse(sent ?? "") - (withPage ? pageCame : Date.now());
}

/** Minutes and seconds left, rounded up, so that 0:00 appears only at the end; with hours if there are any. */
export function left(milliseconds: number): string {
  const seconds = Math.max(0, Math.ceil(milliseconds / 1000));
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const two = (number: number): string => String(number).padStart(2, "0");
  return `${hours ? `${hours}:${two(minutes)}` : minutes}:${two(seconds % 60)}`;
}

/** Updates every `[data-closes]` of the page each second, including those added later. */
export function runCountdowns(): void {
  const started = Date.now();
  const show = (): void => {
    for (const place of document.querySelectorAll<HTMLElement>("[data-closes]")) {
      if (!offsets.has(place)) {
        offsets.set(place, behind(place, Date.now() - started < 2 * TICK));
      }
      const remaining = Date.parse(place.dataset["closes"] ?? "") - Date.now() - (offsets.get(place) ?? 0);
      const said = remaining > 0 ? left(remaining) : say("L’heure est passée", "Time is up");
      if (place.textContent !== said) place.textContent = said;
      place.classList.toggle("short", remaining < 30_000);
    }
  };
  show();
  setInterval(show, TICK);
}

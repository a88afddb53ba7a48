import { BALLOTS } from "../shared/ballots";
import { OUTBOX, UNSENT } from "../shared/unsentkey";

const WAITING = [UNSENT, OUTBOX, BALLOTS];

const waits = (key: string): boolean => WAITING.some((prefix) => key.startsWith(prefix));

/** Whether this device stores text that has not reached the server. */
export const hasUnsent = (): boolean => Object.keys(localStorage).some(waits);

const erased = (name: string): Promise<void> =>
  new Promise((done) => {
    const request = indexedDB.deleteDatabase(name);
    request.onsuccess = request.onerror = request.onblocked = (): void => done();
  });

/** Deletes all texts and pages from the device when signing out. */
export async function forgetDevice(): Promise<void> {
  dispatchEvent(new Event("leaving"));
  for (const key of Object.keys(localStorage)) if (waits(key)) localStorage.removeItem(key);
  await Promise.allSettled([forgetTexts(), forgetPages()]);
}

async function forgetTexts(): Promise<void> {
  const all = (await globalThis.indexedDB?.databases?.()) ?? [];
  await Promise.all(all.flatMap(({ name }) => (name?.startsWith("pleniere:") ? [erased(name)] : [])));
}

async function forgetPages(): Promise<void> {
  const workers = (await navigator.serviceWorker?.getRegistrations()) ?? [];
  await Promise.all(workers.map((each) => each.unregister()));
  const names = (await globalThis.caches?.keys()) ?? [];
  await Promise.all(names.filter((each) => each.startsWith("pleniere-edition")).map((each) => caches.delete(each)));
}

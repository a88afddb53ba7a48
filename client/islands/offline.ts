/**
 * The service worker of one edit page: it stores that page and its scripts on the writer's device, so that it can be
 * reloaded without a network. It handles no other page of the site. The server adds two lines before this file: the
 * name of the build, and its files. Pages and files of different builds are never mixed.
 */

// A module for the compiler, so that its names are local; a classic script for the browser.
export {};

declare const BUILD: string;
declare const FILES: readonly string[];

interface Extendable extends Event {
  waitUntil: (work: Promise<unknown>) => void;
}

interface Asked extends Extendable {
  request: Request;
  respondWith: (answer: Promise<Response>) => void;
}

interface EditWorker {
  registration: { scope: string };
  skipWaiting: () => Promise<void>;
  addEventListener: <Kind extends Event>(name: string, listener: (event: Kind) => void) => void;
}

/** Statuses which mean that this person may no longer have the page; other failures may be temporary. */
const GONE = [401, 403, 404, 410];

const worker = globalThis as unknown as EditWorker;
const page = worker.registration.scope;
const name = `pleniere-edition ${page}`;

/** The public testimonies, needed for citations. */
const SOURCES = page.replace(/motions\/\d+\/edition$/, "temoignages.json");

/** Milliseconds after which a network that does not answer counts as absent. */
const PATIENCE = 10_000;

worker.addEventListener<Extendable>("install", (event) => event.waitUntil(install()));
worker.addEventListener<Extendable>("activate", (event) => event.waitUntil(tidy()));
worker.addEventListener<Asked>("fetch", (event) => {
  const { request } = event;
  const { origin, pathname, search } = new URL(request.url);
  if (request.method !== "GET" || origin !== new URL(page).origin) return;
  if (request.mode === "navigate" && page === origin + pathname && !search) event.respondWith(visit(request));
  else if (FILES.includes(pathname)) event.respondWith(file(request));
  else if (SOURCES === origin + pathname) event.respondWith(sources(request));
});

async function install(): Promise<void> {
  const kept = await caches.open(name);
  await kept.addAll(FILES);
  await kept.add(SOURCES).catch(() => undefined);
  await keep(await fetch(page, { credentials: "same-origin", cache: "no-store" }));
  await worker.skipWaiting();
}

/** Deletes files of earlier builds, once this one is complete. */
async function tidy(): Promise<void> {
  const kept = await caches.open(name);
  for (const { url } of await kept.keys())
    if (url !== page && url !== SOURCES && !FILES.includes(new URL(url).pathname)) await kept.delete(url);
}

/** Loads from the network; without one, the stored page, marked as such. */
async function visit(request: Request): Promise<Response> {
  try {
    const answer = await Promise.race([fetch(request), late()]);
    if (answer.status < 500) {
      await keep(answer.clone());
      return answer;
    }
    return (await last()) ?? answer;
  } catch (error) {
    const found = await last();
    if (found) return found;
    throw error;
  }
}

const late = (): Promise<never> =>
  new Promise((_, reject) => setTimeout(() => reject(new TypeError("no network")), PATIENCE));

async function last(): Promise<Response | null> {
  const found = await (await caches.open(name)).match(page);
  if (!found) return null;
  const html = (await found.text()).replace('data-island="editor"', 'data-island="editor" data-kept');
  return new Response(html, { headers: found.headers });
}

/** Stores the page of a writer; a page for anybody else deletes what was stored. */
async function keep(answer: Response): Promise<void> {
  const kept = await caches.open(name);
  const html = await answer.clone().text();
  const writes = /data-person="[^"]/.test(html) && !html.includes("data-readonly");
  if (answer.ok ? !writes : GONE.includes(answer.status)) await kept.delete(page);
  else if (answer.ok && html.includes(`data-build="${BUILD}"`)) await kept.put(page, answer);
}

async function sources(request: Request): Promise<Response> {
  const kept = await caches.open(name);
  try {
    const answer = await fetch(request);
    if (answer.ok) await kept.put(SOURCES, answer.clone());
    return answer;
  } catch (error) {
    const found = await kept.match(SOURCES);
    if (found) return found;
    throw error;
  }
}

const file = async (request: Request): Promise<Response> =>
  (await (await caches.open(name)).match(request.url)) ?? fetch(request);

import { afterEach, beforeEach, expect, test, vi } from "vitest";

const PAGE = `<main><form method="post" action="/c/demo/temoignages" data-draft="temoignage:nouveau">
  <input type="hidden" name="commande" value="id1"><textarea name="text"></textarea><button name="acte" value="dire">Envoyer</button>
  <button name="acte" value="voir" data-now>Relire</button></form>
  <form method="post" action="/c/demo/autre"><button>Cosigner</button></form></main>`;

const answers: (Response | "cut")[] = [];
const asked: [string, string][] = [];
let online = true;

const forms = (): HTMLFormElement[] => [...document.forms];
const words = (): HTMLTextAreaElement => document.querySelector("textarea") as HTMLTextAreaElement;
const told = (): string => document.querySelector("[data-outbox]")?.textContent ?? "";

function answer(body: string, status = 200, address = ""): Response {
  const response = new Response(body, { status });
  Object.defineProperties(response, { redirected: { value: address !== "" }, url: { value: address } });
  return response;
}

async function load(html = PAGE): Promise<typeof import("../base/outbox")> {
  vi.resetModules();
  document.documentElement.dataset["actor"] = "demo:p1";
  document.body.innerHTML = html;
  (await import("../base/drafts")).keepDrafts();
  const outbox = await import("../base/outbox");
  outbox.openOutbox();
  return outbox;
}

/** What the pages sent, without the question whether the server is there. */
const sent = (): string[] => asked.filter(([method]) => method === "POST").map(([, body]) => body);

beforeEach(() => {
  localStorage.clear();
  sessionStorage.clear();
  answers.length = asked.length = 0;
  online = true;
  vi.useFakeTimers();
  vi.spyOn(navigator, "onLine", "get").mockImplementation(() => online);
  vi.stubGlobal("fetch", async (_: string, { method = "GET", body = "" }: { method?: string; body?: string }) => {
    asked.push([method, body]);
    if (method === "HEAD") return answer("");
    const next = answers.shift() ?? "cut";
    if (next === "cut") throw new TypeError("cut");
    return next;
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

async function sendOffline(outbox: typeof import("../base/outbox")): Promise<void> {
  online = false;
  words().value = "La fibre.";
  expect(await outbox.mayLeave(forms()[0] as HTMLFormElement, document.querySelector("button"))).toBe(false);
}

test("with a server that answers a form leaves as ever", async () => {
  const outbox = await load();
  expect(await outbox.mayLeave(forms()[0] as HTMLFormElement, null)).toBe(true);
  expect(localStorage.length).toBe(0);
});

test("a page that has just come needs no question, an older one asks", async () => {
  const outbox = await load();
  expect(outbox.isFresh()).toBe(true);
  await vi.advanceTimersByTimeAsync(15_000);
  expect(outbox.isFresh()).toBe(false);
  expect(await outbox.mayLeave(forms()[0] as HTMLFormElement, null)).toBe(true);
  expect(asked).toEqual([["HEAD", ""]]);
  expect(outbox.isFresh()).toBe(true);
  online = false;
  expect(outbox.isFresh()).toBe(false);
});

test("without a network it stays, says so, and is sent by itself, once, with its id and the button pressed", async () => {
  const outbox = await load();
  await sendOffline(outbox);
  expect(told()).toContain("partira de lui-même");
  expect(words().value).toBe("La fibre.");
  online = true;
  answers.push("cut", answer("", 200, "http://localhost/c/demo/temoignages/9?recu=40"));
  await outbox.sendAll();
  await vi.advanceTimersByTimeAsync(15_000);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(sent()).toEqual(Array(2).fill("commande=id1&text=La+fibre.&acte=dire"));
  expect(told()).toContain("c’est enregistré");
  expect(words().value).toBe("");
  expect(localStorage.length).toBe(0);
  const { value } = forms()[0]?.elements.namedItem("commande") as HTMLInputElement;
  expect(value).not.toBe("id1");
});

test("the next page tells what waits, and sends it", async () => {
  await sendOffline(await load());
  await load("<main><h1>Accueil</h1></main>");
  expect(told()).toContain("Un envoi attend le réseau");
  online = true;
  answers.push(answer("", 200, "http://localhost/c/demo/temoignages/9?recu=40"));
  await vi.advanceTimersByTimeAsync(15_000);
  expect(told()).toContain("c’est enregistré");
  expect(localStorage.length).toBe(0);
});

test("what is refused later says why, and its words stay", async () => {
  const outbox = await load();
  await sendOffline(outbox);
  online = true;
  answers.push(answer('<main><div class="notice wrong"><p>La collecte est close.</p></div></main>', 409));
  await outbox.sendAll();
  expect(told()).toContain("La collecte est close.");
  expect(words().value).toBe("La fibre.");
  await load();
  expect(words().value).toBe("La fibre.");
});

test("what was typed since it was sent stays", async () => {
  const outbox = await load();
  await sendOffline(outbox);
  words().value = "La fibre, et le car.";
  online = true;
  answers.push(answer("", 200, "http://localhost/?recu=1"));
  await outbox.sendAll();
  expect(sent()).toEqual(["commande=id1&text=La+fibre.&acte=dire"]);
  expect(words().value).toBe("La fibre, et le car.");
  await load();
  expect(words().value).toBe("La fibre, et le car.");
});

test("a server that is in trouble is asked again", async () => {
  const outbox = await load();
  await sendOffline(outbox);
  online = true;
  answers.push(answer("", 503), answer("", 200, "http://localhost/?recu=1"));
  await outbox.sendAll();
  expect(localStorage.length).toBeGreaterThan(0);
  await vi.advanceTimersByTimeAsync(15_000);
  expect(localStorage.length).toBe(0);
});

test("a page that closes with something unsent warns", async () => {
  const outbox = await load();
  const closing = (): boolean => dispatchEvent(new Event("beforeunload", { cancelable: true }));
  expect(closing()).toBe(true);
  await sendOffline(outbox);
  expect(closing()).toBe(false);
});

test("what makes no command, or keeps no draft, is not sent later", async () => {
  const outbox = await load();
  online = false;
  const preview = document.querySelector<HTMLElement>("[data-now]");
  for (const [form, submitter] of [[forms()[0], preview], [forms()[1], null]] as [HTMLFormElement, HTMLElement | null][]) {
    expect(await outbox.mayLeave(form, submitter)).toBe(false);
    expect(form.textContent).toContain("rien n’est envoyé");
  }
  online = true;
  await outbox.sendAll();
  expect(sent()).toEqual([]);
});

test("what waits belongs to whoever sent it", async () => {
  await sendOffline(await load());
  vi.resetModules();
  document.documentElement.dataset["actor"] = "demo:p2";
  document.body.innerHTML = "<main></main>";
  const other = await import("../base/outbox");
  other.openOutbox();
  online = true;
  await other.sendAll();
  expect([sent(), told()]).toEqual([[], ""]);
});

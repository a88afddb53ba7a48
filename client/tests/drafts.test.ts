import { afterEach, beforeEach, expect, test, vi } from "vitest";

const reason = (number: number): string =>
  `<form method="post" action="/m" data-draft="temoignage-${number}:set_aside">
    <input type="hidden" name="commande" value="c${number}"><input type="hidden" name="testimony" value="${number}">
    <input name="reason" id="r${number}"></form>`;

const field = (id: string): HTMLInputElement => document.getElementById(id) as HTMLInputElement;
const form = (id: string): HTMLFormElement => field(id).form as HTMLFormElement;

async function load(html: string): Promise<typeof import("../base/drafts")> {
  vi.resetModules();
  document.documentElement.dataset["actor"] = "demo:p1";
  document.body.innerHTML = `<main>${html}</main>`;
  const drafts = await import("../base/drafts");
  drafts.keepDrafts();
  return drafts;
}

function type(id: string, words: string): void {
  field(id).value = words;
  field(id).dispatchEvent(new Event("input", { bubbles: true }));
  field(id).dispatchEvent(new Event("change", { bubbles: true }));
}

beforeEach(() => {
  localStorage.clear();
  sessionStorage.clear();
});
afterEach(() => vi.restoreAllMocks());

test("words come back under what they are about, wherever its form stands", async () => {
  await load(reason(1) + reason(2));
  type("r2", "Hors sujet.");
  await load(reason(2) + reason(3));
  expect([field("r2").value, field("r3").value]).toEqual(["Hors sujet.", ""]);
  await load(reason(3) + reason(4));
  expect([field("r3").value, field("r4").value]).toEqual(["", ""]);
});

test("a draft that comes back is told, and can be dropped", async () => {
  await load(reason(2));
  type("r2", "Hors sujet.");
  await load(`<details>${reason(2)}</details>`);
  const notice = document.querySelector(".draft-found") as HTMLElement;
  expect(notice.textContent).toMatch(/^Brouillon retrouvé.* — Effacer$/);
  expect(document.querySelector("details")?.open).toBe(true);
  notice.querySelector("button")?.click();
  expect(field("r2").value).toBe("");
  await load(reason(2));
  expect([field("r2").value, document.querySelector(".draft-found")]).toEqual(["", null]);
});

test("a draft belongs to whoever typed it", async () => {
  await load(reason(2));
  type("r2", "Hors sujet.");
  vi.resetModules();
  document.documentElement.dataset["actor"] = "demo:p2";
  document.body.innerHTML = reason(2);
  (await import("../base/drafts")).keepDrafts();
  expect(field("r2").value).toBe("");
});

test("the receipt of one form forgets that one alone", async () => {
  await load(reason(1) + reason(2));
  type("r1", "Un.");
  type("r2", "Deux.");
  form("r1").dispatchEvent(new Event("submit"));
  await load(reason(1) + reason(2)); // refused: no receipt
  form("r2").dispatchEvent(new Event("submit"));
  await load(`<p id="recu"></p>${reason(1)}${reason(2)}`);
  expect([field("r1").value, field("r2").value]).toEqual(["Un.", ""]);
});

test("a preview keeps the draft of its form, until the server has it", async () => {
  await load(reason(2));
  type("r2", "Hors sujet.");
  const preview = '<form method="post" data-draft="temoignage-2:set_aside"><input type="hidden" name="reason" value="Hors sujet." id="p"></form>';
  await load(preview);
  form("p").dispatchEvent(new Event("submit"));
  await load(reason(2)); // the answer was lost
  expect(field("r2").value).toBe("Hors sujet.");
  await load(preview);
  form("p").dispatchEvent(new Event("submit"));
  await load(`<p id="recu"></p>${reason(2)}`);
  expect(field("r2").value).toBe("");
});

test("words that the server gave back stay kept when another field changes", async () => {
  const two = (title: string): string =>
    `<form method="post" data-draft="t"><input name="title" id="a" value="${title}"><textarea name="text" id="b"></textarea></form>`;
  await load(two(""));
  type("a", "Titre");
  await load(two("Titre"));
  type("b", "Texte");
  await load(two(""));
  expect([field("a").value, field("b").value]).toEqual(["Titre", "Texte"]);
});

test("what typed words answer comes back with them", async () => {
  const passage = (base: string): string =>
    `<form method="post" data-draft="p"><input type="hidden" name="base" id="base" value="${base}" data-pinned><textarea name="text" id="text">${base}</textarea></form>`;
  await load(passage("un"));
  type("text", "un et demi");
  await load(passage("deux"));
  expect([field("base").value, field("text").value]).toEqual(["un", "un et demi"]);
});

test("a part of the page that is drawn anew gets its words back without a word", async () => {
  await load(`<div id="part">${reason(2)}</div>`);
  type("r2", "Hors sujet.");
  const part = document.getElementById("part") as HTMLElement;
  part.innerHTML = reason(2);
  part.dispatchEvent(new Event("shown", { bubbles: true }));
  expect([field("r2").value, document.querySelector(".draft-found")]).toEqual(["Hors sujet.", null]);
});

test("a form that does not say what it is about keeps nothing", async () => {
  await load('<form method="post"><input name="reason" id="r"></form>');
  type("r", "Hors sujet.");
  expect(localStorage.length).toBe(0);
});

test("what is sent with the words of other forms settles their drafts too", async () => {
  const amending = (name: string, carries = ""): string =>
    `<form method="post" action="/m" data-draft="${name}" data-drafts="${carries}"><textarea name="text" id="t"></textarea></form>`;
  await load(amending("1 1 rewrite:d1"));
  type("t", "Ouvrir deux guichets.");
  await load(amending("1 1 rewrite:d2", "1 1 rewrite:d1"));
  type("t", "Former tous les agents.");
  expect(localStorage).toHaveLength(2);
  form("t").dispatchEvent(new Event("submit", { cancelable: true }));
  await load(`<p id="recu">Enregistré.</p>`);
  expect(localStorage).toHaveLength(0);
});

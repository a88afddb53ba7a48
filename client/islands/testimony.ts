import { announce } from "../shared/announce";
import { element } from "../shared/element";
import { language, say } from "../shared/language";
import { findPassage } from "../testimony/passage";

const WAIT = 250;

/** Selecting words of a testimony offers to quote them: the passage is copied into the form. */
function offerQuotes(text: HTMLElement): void {
  const field = document.querySelector<HTMLTextAreaElement>("textarea[name=quote]");
  const source = text.dataset["text"] ?? "";
  if (!field) return;
  const button = element(
    "button",
    { type: "button", class: "quote-offer small", hidden: true },
    say("Citer ce passage", "Cite this passage"),
  );
  let passage: string | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  text.after(button);
  document.addEventListener("selectionchange", () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      const selection = getSelection();
      const inside =
        selection !== null &&
        !selection.isCollapsed &&
        text.contains(selection.anchorNode) &&
        text.contains(selection.focusNode);
      if (document.activeElement === button) return;
      passage = inside ? findPassage(source, selection.toString()) : null;
      button.hidden = passage === null;
    }, WAIT);
  });
  button.addEventListener("mousedown", (event) => event.preventDefault());
  button.addEventListener("click", () => {
    if (passage === null) return;
    field.value = passage;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    button.hidden = true;
    field.focus();
    field.scrollIntoView({ block: "center" });
    announce(say("Passage copié dans le formulaire.", "Passage copied into the form."));
  });
}

/** Shows the length of a text, announced only near its limit. */
function countLetters(field: HTMLTextAreaElement): void {
  const limit = Number(field.dataset["limit"] ?? field.maxLength);
  const number = new Intl.NumberFormat(language);
  const line = element("p", { class: "hint", "aria-live": "off" });
  const update = (): void => {
    const length = [...field.value].length;
    const left = limit - length;
    line.textContent =
      limit > 0
        ? say(
            `${number.format(length)} signes sur ${number.format(limit)}`,
            `${number.format(length)} of ${number.format(limit)} characters`,
          )
        : say(`${number.format(length)} signes`, `${number.format(length)} characters`);
    line.classList.toggle("field-error", limit > 0 && left < 0);
    line.setAttribute("aria-live", limit > 0 && left < 100 ? "polite" : "off");
  };
  field.after(line);
  field.addEventListener("input", update);
  update();
}

/** Shows the address of a video as a link to try, without loading anything from the other site. */
function showVideoLink(field: HTMLInputElement): void {
  const line = element("p", { class: "hint" });
  field.after(line);
  const update = (): void => {
    const address = httpsAddress(field.value);
    if (!address) return line.replaceChildren();
    const link = element(
      "a",
      { href: address.href, target: "_blank", rel: "noopener noreferrer nofollow" },
      address.hostname,
    );
    line.replaceChildren(`${say("Vérifiez que le lien s’ouvre :", "Check that the link opens:")} `, link);
  };
  field.addEventListener("change", update);
  update();
}

function httpsAddress(text: string): URL | null {
  try {
    const address = new URL(text.trim());
    return address.protocol === "https:" ? address : null;
  } catch {
    return null;
  }
}

for (const text of document.querySelectorAll<HTMLElement>("[data-island=testimony][data-text]")) offerQuotes(text);
const fields = [...document.querySelectorAll<HTMLTextAreaElement>("form textarea[name=text]")];
fields.forEach(countLetters);
// Loaded on demand: only writers need it.
if (fields.length) void import("../pasting/field").then(({ pasteAsText }) => fields.forEach(pasteAsText));
for (const field of document.querySelectorAll<HTMLInputElement>("form input[name=video]")) showVideoLink(field);

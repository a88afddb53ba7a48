import type { EditorView } from "prosemirror-view";

import { countWords } from "../editor/clauses";
import { cite, setAddressee } from "../editor/commands";
import * as messages from "../editor/messages";
import { followAddress, isFamiliar, mountText, perform } from "../editor/mount";
import { addresseeField, editorTools, linkForm } from "../editor/tools";
import { element } from "../shared/element";
import { stayAboveKeyboard } from "../shared/keyboard";
import { TestimonyPanel } from "../shared/panel";
import { presenceList } from "../shared/presence";
import { refusalBanner, savingIndicator } from "../shared/status";
import { placeOf, Session } from "../shared/sync";
import { Testimonies } from "../shared/testimonies";

/** Builds the editor in its place once there is a text to show; what the server rendered stays visible until then. */
async function start(island: HTMLElement): Promise<void> {
  const session = new Session(placeOf(island));
  const testimonies = new Testimonies(island.dataset["testimonies"] ?? "", session.place.slug);
  const fragment = session.doc.getXmlFragment("prosemirror");
  const banner = refusalBanner(
    session,
    () => view?.state.doc.textBetween(0, view.state.doc.content.size, "\n\n") ?? "",
  );
  const count = element("span", { class: "editor__count" });
  const bar = element(
    "div",
    { class: "editor__bar" },
    savingIndicator(session, island),
    presenceList(session.awareness),
    count,
  );
  island.prepend(bar, banner);
  let view: EditorView | undefined;

  await session.ready(() => fragment.length > 0);
  if (!isFamiliar(fragment)) return island.prepend(element("p", { class: "refusal", role: "alert" }, messages.foreign));
  const page = element("div", { class: "editor__page" });
  const work = element("div", { class: "editor__work" }, page);
  island.replaceChildren(bar, banner, work);
  const updates: (() => void)[] = [];
  const panel = new TestimonyPanel(testimonies, (excerpt) => view && perform(view, cite(String(excerpt.number))));
  const openCitations = (): void => void panel.open(() => view?.focus());
  view = mountText({
    session,
    testimonies,
    place: page,
    openCitations,
    lost: (words) => banner.after(lostWords(words, () => view)),
    changed: (now) => {
      count.textContent = messages.words(countWords(now.state.doc));
      updates.forEach((update) => update());
    },
  });
  if (session.writing) furnish(island, work, page, view, panel, openCitations, updates);
  session.watch(() => view?.setProps({}));
  void testimonies.load().catch(() => undefined);
  followAddress(view);
}

/** The tools of those who write. */
function furnish(
  island: HTMLElement,
  work: HTMLElement,
  page: HTMLElement,
  view: EditorView,
  panel: TestimonyPanel,
  openCitations: () => void,
  updates: (() => void)[],
): void {
  const link = linkForm(view);
  const tools = editorTools(view, openCitations, link.open);
  const addressee = addresseeField(view, (words) => setAddressee(words)(view.state, view.dispatch));
  const foot = element("div", { class: "editor__tools" }, link.element, addressee.element, tools.element);
  work.before(foot);
  page.append(element("p", { class: "editor__help", id: "draft-help" }, messages.help));
  work.append(panel.element);
  updates.push(tools.update, addressee.update);
  updates.forEach((update) => update());
  stayAboveKeyboard(island);
  view.dom.addEventListener("keydown", (event) => {
    if (event.key !== "F10") return;
    event.preventDefault();
    tools.element.querySelector<HTMLElement>("[tabindex='0']")?.focus();
  });
}

/** Offers words back whose paragraph is gone. */
function lostWords(words: string, view: () => EditorView | undefined): HTMLElement {
  const put = (): void => {
    const now = view();
    if (now) perform(now, (state, dispatch) => (dispatch?.(state.tr.insertText(words)), true));
    notice.remove();
  };
  const notice = element(
    "div",
    { class: "refusal refusal--mild", role: "alert" },
    element("p", {}, messages.lostWords(words)),
    element(
      "p",
      { class: "refusal__actions" },
      element("button", { type: "button", click: put }, messages.lostPut),
      element("button", { type: "button", click: () => notice.remove() }, messages.lostDrop),
    ),
  );
  return notice;
}

for (const island of document.querySelectorAll<HTMLElement>("[data-island=editor]")) void start(island);

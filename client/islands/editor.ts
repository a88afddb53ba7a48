import type { EditorView } from "prosemirror-view";

import { countWords, standUnder } from "../editor/clauses";
import { chosen } from "../editor/anchors";
import { Authors } from "../editor/authors";
import { cite, setAddressee } from "../editor/commands";
import { FindBar, finding } from "../editor/find";
import { footingView } from "../editor/footing";
import { ClauseHandle } from "../editor/handle";
import { hearing } from "../editor/hearing";
import { keepPage, offlineNotice, standing } from "../editor/kept";
import { linkForm } from "../editor/link";
import { lostWords } from "../editor/loss";
import * as messages from "../editor/messages";
import { followNumbers, readNumbers } from "../editor/numbers";
import { followAddress, isFamiliar, mountText, perform } from "../editor/mount";
import { Margin } from "../editor/margin";
import { Remarks } from "../editor/remarks";
import { helpSheet } from "../editor/sheet";
import { addresseeField, editorTools } from "../editor/tools";
import { Suggesting } from "../editor/suggesting";
import { typography } from "../editor/typography";
import { unsentNotice } from "../editor/unsent";
import { visitors } from "../editor/visitors";
import { element } from "../shared/element";
import { stayAboveKeyboard } from "../shared/keyboard";
import { TestimonyPanel } from "../shared/panel";
import { Preference } from "../shared/preferences";
import { presenceList } from "../shared/presence";
import { refusalBanner, savingIndicator } from "../shared/status";
import { placeOf, Session } from "../shared/sync";
import { Testimonies } from "../shared/testimonies";
import { toolbar } from "../shared/toolbar";

/**
 * Milliseconds over which requests after an announcement are spread: for members of the congress, and for thousands of
 * readers.
 */
const SOON = 300;
const SPREAD = 5000;

/** Builds the editor once there is a text to show; until then the server's rendering stays visible. */
async function start(island: HTMLElement): Promise<void> {
  const isKept = "kept" in island.dataset;
  standUnder(readNumbers(island.dataset["numbers"]));
  const session = new Session(placeOf(island), isKept ? standing(island.dataset) : null);
  const testimonies = new Testimonies(island.dataset["testimonies"] ?? "", session.place.slug);
  const fragment = session.doc.getXmlFragment("prosemirror");
  let view: EditorView | undefined;
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
  new ResizeObserver(() => island.style.setProperty("--bar", `${bar.offsetHeight}px`)).observe(bar);

  await session.ready(() => fragment.length > 0);
  if (!isFamiliar(fragment)) return island.prepend(element("p", { class: "refusal", role: "alert" }, messages.foreign));
  const page = element("div", { class: "editor__page" });
  const work = element("div", { class: "editor__work" }, page);
  island.replaceChildren(bar, banner, work);
  if (isKept) banner.before(offlineNotice(session));

  const updates: (() => void)[] = [];
  const wish = new Preference("typography", true);
  const live = {
    live: island.dataset["liveAddress"] ?? "",
    since: island.dataset["liveSince"] ?? "",
    pause: session.place.person ? SOON : SPREAD,
  };
  const remarks = new Remarks(island.dataset["remarks"] ?? "", live);
  const margin = new Margin(remarks, session.place.name, () => acts.makeRoom());
  const suggesting = new Suggesting(remarks, () => updates.forEach((update) => update()));
  const authors = new Authors(session, { authors: island.dataset["authors"] ?? "", ...live });
  const mayRemark = "mayRemark" in island.dataset;
  const acts = {
    openCitations: nothing,
    openLink: nothing,
    makeRoom: nothing,
    find: nothing,
    help: nothing,
    typography: wish,
    comment: () => mayRemark && view && margin.comment(chosen(view)),
    remarks: () => margin.visit(),
    suggest: () => {
      suggesting.toggle();
      updates.forEach((update) => update());
    },
    isSuggesting: () => suggesting.on,
  };
  view = mountText({
    session,
    testimonies,
    place: page,
    openings: {
      openCitations: () => acts.openCitations(),
      find: () => acts.find(),
      help: () => acts.help(),
      comment: acts.comment,
      remarks: acts.remarks,
      suggest: acts.suggest,
    },
    plugins: [
      finding(),
      hearing(),
      visitors(session.awareness),
      margin.plugin,
      authors.plugin,
      ...(session.writing ? [suggesting.plugin, typography(() => wish.value)] : []),
    ],
    lost: (words) => banner.after(lostWords(words, () => view)),
    changed: () => updates.forEach((update) => update()),
  });
  const now = view;

  // Tools beside the text: those for everybody, and those for writers.
  const footing = footingView(now, testimonies, () => void panel.openUncited(() => now.focus()));
  const panel = new TestimonyPanel(
    testimonies,
    (excerpt) => perform(now, cite(String(excerpt.number))),
    footing.reached,
  );
  acts.makeRoom = () => panel.giveWay();
  const find = new FindBar(now, session.writing);
  const help = helpSheet();
  acts.find = () => find.open();
  acts.help = () => help.showModal();
  stayAboveKeyboard(island);
  margin.attach(now);
  authors.attach(now);
  suggesting.attach(now);
  bar.insertBefore(footing.element, count);
  bar.append(authors.button, margin.button);
  work.before(authors.legend);
  work.append(margin.element, panel.element);
  island.append(help);
  updates.push(
    () => (count.textContent = messages.words(countWords(now.state.doc), chosenWords(now))),
    footing.update,
    () => find.update(),
    () => margin.update(),
    () => authors.update(),
  );
  if (session.writing) {
    acts.openCitations = () => void panel.open(() => now.focus());
    updates.push(...furnish(island, work, page, now, acts, find, suggesting.notice));
  } else work.before(find.element, ...(mayRemark ? [readingTools(acts.comment)] : []));
  updates.forEach((update) => update());
  testimonies.watch(footing.update);
  session.watch(() => now.setProps({}));
  void remarks.load().catch(() => undefined);
  if (session.place.person) remarks.follow();
  void testimonies.load().catch(() => undefined);
  followNumbers(now, session.place.document, live);
  followAddress(now);
  if (session.writing) keepPage(island.dataset["offline"] ?? "");
  else void unsentNotice(session.place, session.doc).then((notice) => notice && banner.after(notice));
}

const nothing = (): void => undefined;

function chosenWords({ state }: EditorView): number {
  const { from, to, empty } = state.selection;
  return empty ? 0 : countWords(state.doc.cut(from, to));
}

/** Builds the tools for writers; returns what must run after each change. */
function furnish(
  island: HTMLElement,
  work: HTMLElement,
  page: HTMLElement,
  view: EditorView,
  acts: Parameters<typeof editorTools>[1],
  find: FindBar,
  notice: HTMLElement,
): (() => void)[] {
  const link = linkForm(view);
  acts.openLink = link.open;
  const tools = editorTools(view, acts);
  const addressee = addresseeField(view, (words) => setAddressee(words)(view.state, view.dispatch));
  const handle = new ClauseHandle(view, (id) => `${location.origin}${island.dataset["public"] ?? ""}#clause-${id}`);
  const foot = element("div", { class: "editor__tools" }, find.element, link.element, notice, addressee.element, tools.element);
  work.before(foot);
  page.append(handle.element, element("p", { class: "editor__help", id: "draft-help" }, messages.help));
  view.dom.addEventListener("keydown", (event) => {
    if (event.key !== "F10") return;
    event.preventDefault();
    tools.element.querySelector<HTMLElement>("[tabindex='0']")?.focus();
  });
  return [tools.update, addressee.update, () => handle.update()];
}

/** The tools for people who may comment but not write. */
const readingTools = (comment: () => void): HTMLElement =>
  element(
    "div",
    { class: "editor__tools" },
    toolbar(messages.tools, [
      { name: messages.commentTitle, icon: "comment", text: messages.commentButton, run: comment },
    ]).element,
  );

for (const island of document.querySelectorAll<HTMLElement>("[data-island=editor]")) void start(island);

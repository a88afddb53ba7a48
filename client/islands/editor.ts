import type { EditorView } from "prosemirror-view";

import { countWords, standUnder } from "../editor/clauses";
import { chosen } from "../editor/anchors";
import type { Authors } from "../editor/authors";
import { AddresseeChoice } from "../editor/addressee";
import { cite } from "../editor/commands";
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
import { overlay } from "../editor/overlay";
import { Remarks } from "../editor/remarks";
import { editorTools } from "../editor/tools";
import { Suggesting } from "../editor/suggesting";
import { typography } from "../editor/typography";
import { visitors } from "../editor/visitors";
import { answerSave } from "../shared/answer";
import { element } from "../shared/element";
import { stayAboveKeyboard } from "../shared/keyboard";
import { opener } from "../shared/opener";
import { TestimonyPanel } from "../shared/panel";
import { Preference } from "../shared/preferences";
import { presenceList } from "../shared/presence";
import { laterPane, SidePanel } from "../shared/side";
import { refusalBanner, savingIndicator } from "../shared/status";
import { placeOf, Session } from "../shared/sync";
import { Testimonies } from "../shared/testimonies";
import { toolbar } from "../shared/toolbar";
import { Touched } from "../shared/touched";
import { workspaceKeys } from "../shared/workkeys";

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
  const banner = refusalBanner(session, {
    copy: () => view?.state.doc.textBetween(0, view.state.doc.content.size, "\n\n") ?? "",
    unreached: async () => (await import("../editor/unsent")).unreached(session),
    onwards: { href: island.dataset["public"] ?? "", words: messages.readFrozen },
  });
  const count = element("span", { class: "editor__count" });
  const bar = element(
    "div",
    { class: "editor__bar" },
    savingIndicator(session, island),
    presenceList(session.awareness),
    count,
  );
  island.prepend(bar, banner);

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
  const side = new SidePanel(() => view?.focus());
  const margin = new Margin(remarks, session.place.name, side);
  const suggesting = new Suggesting(remarks, () => updates.forEach((update) => update()));
  let authors: Authors | null = null;
  const authorMarks = overlay("authors", (state) => authors?.draw(state) ?? []);
  const help = opener(
    async () => (await import("../editor/keysheet")).editorSheet(),
    () => view?.focus(),
  );
  const mayRemark = "mayRemark" in island.dataset;
  const acts = {
    openCitations: nothing,
    openLink: nothing,
    find: nothing,
    help,
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
      comment: acts.comment,
      remarks: acts.remarks,
      suggest: acts.suggest,
    },
    plugins: [
      finding(),
      hearing(),
      visitors(session.awareness),
      margin.plugin,
      authorMarks.plugin,
      ...(session.writing ? [suggesting.plugin, typography(() => wish.value)] : []),
    ],
    lost: (words) => banner.after(lostWords(words, () => view)),
    changed: () => updates.forEach((update) => update()),
  });
  const now = view;

  // Tools beside the text: those for everybody, and those for writers.
  const showUncited = (): void => {
    panel.showUncited();
    side.open(panel.id);
    panel.focus();
  };
  const footing = footingView(now, testimonies, showUncited);
  const panel = new TestimonyPanel(
    testimonies,
    (excerpt) => perform(now, cite(String(excerpt.number))),
    footing.reached,
  );
  const find = new FindBar(now, session.writing);
  acts.find = () => find.open();
  stayAboveKeyboard(island);
  margin.attach(now);
  suggesting.attach(now);
  side.add(panel);
  side.add(margin);
  side.add(
    laterPane({
      id: "states",
      label: messages.states,
      load: async () => new (await import("../editor/states")).States(island.dataset["states"] ?? ""),
    }),
  );
  side.add(
    laterPane({
      id: "authors",
      label: messages.authors,
      stays: true,
      load: async () => {
        const program = await import("../editor/authors");
        const address = { authors: island.dataset["authors"] ?? "", ...live };
        return (authors = new program.Authors(session, now, address, () => authorMarks.redraw(now)));
      },
    }),
  );
  bar.insertBefore(footing.element, count);
  bar.append(side.button);
  work.append(side.element);
  const touched = new Touched(session);
  workspaceKeys({
    help,
    save: session.writing ? () => answerSave(session, () => messages.passages(touched.count)) : null,
  });
  updates.push(
    () => (count.textContent = messages.words(countWords(now.state.doc), chosenWords(now))),
    footing.update,
    () => find.update(),
    () => margin.update(),
    () => authors?.update(),
  );
  if (session.writing) {
    acts.openCitations = () => {
      side.open(panel.id);
      panel.focus();
    };
    updates.push(...furnish(island, work, page, now, acts, find, suggesting.notice));
  } else work.before(find.element, ...(mayRemark ? [readingTools(now, acts.comment)] : []));
  updates.forEach((update) => update());
  testimonies.watch(footing.update);
  session.watch(() => now.setProps({}));
  void remarks.load().catch(() => undefined);
  if (session.place.person) remarks.follow();
  void testimonies.load().catch(() => undefined);
  followNumbers(now, session.place.document, live);
  followAddress(now);
  if (session.writing) keepPage(island.dataset["offline"] ?? "");
  else if (session.place.person)
    void import("../editor/unsent")
      .then(({ unsentNotice }) => unsentNotice(session.place, session.doc))
      .then((notice) => notice && banner.after(notice));
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
  const addressee = new AddresseeChoice(view, () => !acts.isSuggesting());
  const handle = new ClauseHandle(view, (id) => `${location.origin}${island.dataset["public"] ?? ""}#clause-${id}`);
  const foot = element("div", { class: "editor__tools" }, tools.element, find.element, link.element, notice);
  work.before(foot);
  page.append(addressee.element, handle.element, element("p", { class: "editor__help", id: "draft-help" }, messages.help));
  view.dom.addEventListener("keydown", (event) => {
    if (event.key !== "F10") return;
    event.preventDefault();
    tools.element.querySelector<HTMLElement>("[tabindex='0']")?.focus();
  });
  return [tools.update, () => addressee.update(), () => handle.update()];
}

/** The tools for people who may comment but not write. */
const readingTools = (view: EditorView, comment: () => void): HTMLElement =>
  element(
    "div",
    { class: "editor__tools" },
    toolbar(messages.tools, [
      { name: messages.commentTitle, icon: "comment", text: messages.commentButton, run: comment },
    ], () => view.focus()).element,
  );

for (const island of document.querySelectorAll<HTMLElement>("[data-island=editor]")) void start(island);

import type { Awareness } from "y-protocols/awareness";

import type { Landing } from "../map/layout";
import * as messages from "../map/messages";
import { Drawing, flatten } from "../map/model";
import { nameOf, Outline, type Choice, type Neighbours } from "../map/outline";
import { Picture } from "../map/picture";
import { announce } from "../shared/announce";
import { answerSave } from "../shared/answer";
import { element } from "../shared/element";
import { stayAboveKeyboard } from "../shared/keyboard";
import { opener } from "../shared/opener";
import { TestimonyPanel } from "../shared/panel";
import { colourOf, presenceList, type Author } from "../shared/presence";
import { SidePanel } from "../shared/side";
import { refusalBanner, savingIndicator } from "../shared/status";
import { placeOf, Session } from "../shared/sync";
import { Testimonies } from "../shared/testimonies";
import { toolbar, type Toolbar } from "../shared/toolbar";
import { Touched } from "../shared/touched";
import { workspaceKeys } from "../shared/workkeys";

async function start(island: HTMLElement): Promise<void> {
  const session = new Session(placeOf(island));
  const drawing = new Drawing(session.doc);
  const banner = refusalBanner(session, { copy: () => asText(drawing) });
  const count = element("span", { class: "editor__count" });
  const bar = element(
    "div",
    { class: "editor__bar" },
    savingIndicator(session, island),
    presenceList(session.awareness),
    count,
  );
  island.prepend(bar, banner);
  await session.ready(() => drawing.nodes.size > 0);
  drawing.refresh();

  const testimonies = new Testimonies(island.dataset["testimonies"] ?? "", session.place.slug);
  const choice: Choice = { selected: drawing.branches[0]?.node.id ?? "", collapsed: new Set() };
  const neighbours = people(session.awareness, session.doc.clientID);
  const writable = (): boolean => session.writing && session.refusal === null;
  let tools: Toolbar | undefined;
  const draw = (): void => {
    outline.render();
    picture.render();
    tools?.update();
    count.textContent = messages.ideas(drawing.nodes.size);
    beginning.hidden = drawing.nodes.size > 0 || !writable();
    tellPlace(session, choice.selected);
  };
  const outline = new Outline(drawing, choice, testimonies, neighbours, writable, draw);
  const picture = new Picture(island.dataset["title"] ?? "", drawing, choice, neighbours, writable, {
    select: (id) => outline.select(id),
    edit: (id) => outline.edit(id),
    fold: (id) => outline.fold(id),
    drop: (id, landing) => drop(drawing, outline, id, landing),
  });
  const beginning = element(
    "p",
    { class: "map__empty" },
    `${messages.empty} `,
    element("button", { type: "button", click: () => outline.addSibling() }, messages.first),
  );
  const panel = new TestimonyPanel(testimonies, (excerpt) => {
    if (!drawing.branch(choice.selected)) return announce(messages.select);
    drawing.attach(choice.selected, String(excerpt.number));
    announce(messages.attachText);
  }, undefined, false);
  const list = element("div", { class: "map__outline" }, beginning, outline.element);
  const side = new SidePanel(() => outline.focus());
  side.add(panel);
  const work = element("div", { class: "map__work", "data-view": "list" }, list, picture.element, side.element);
  bar.append(views(work, picture));
  island.replaceChildren(bar, banner, work);
  const openPanel = (): void => {
    side.open(panel.id);
    panel.focus();
  };
  const touched = new Touched(session);
  workspaceKeys({
    help: opener(
      async () => (await import("../map/keysheet")).mapSheet(),
      () => outline.focus(),
    ),
    save: session.writing ? () => answerSave(session, () => messages.waiting(touched.count)) : null,
  });
  if (session.writing) {
    const made = mapTools(drawing, outline, choice, writable, openPanel);
    tools = made;
    outline.element.addEventListener("keydown", (event) => {
      if (event.key !== "F10") return;
      event.preventDefault();
      made.element.querySelector<HTMLElement>("[tabindex='0']")?.focus();
    });
    work.before(element("div", { class: "editor__tools" }, tools.element));
    list.append(element("p", { class: "editor__help", id: "map-help" }, messages.help));
    stayAboveKeyboard(island);
  }
  drawing.watch(draw);
  testimonies.watch(draw);
  session.awareness.on("change", draw);
  session.watch(draw);
  void testimonies.load().catch(() => undefined);
}

/** The other people, by the node where they are. */
function people(awareness: Awareness, own: number): Neighbours {
  return {
    at: (id) =>
      [...awareness.getStates()]
        .filter(
          ([client, state]) =>
            client !== own &&
            id !== "" &&
            state["node"] === id &&
            typeof (state["user"] as Author | undefined)?.name === "string",
        )
        .map(([, state]) => state["user"] as Author)
        .map(({ name, person }) => ({ name, color: colourOf(person) })),
  };
}

function tellPlace(session: Session, id: string): void {
  const state = session.awareness.getLocalState();
  if (session.writing && state && state["node"] !== id) session.awareness.setLocalStateField("node", id);
}

function drop(drawing: Drawing, outline: Outline, id: string, { onto, place }: Landing): void {
  const target = drawing.branch(onto);
  outline.select(id);
  outline.relocate(() => {
    if (!target || place === "inside") return drawing.move(id, onto);
    const all = drawing.siblings(target).filter((each) => each.node.id !== id);
    const before = place === "after" ? target : all[all.indexOf(target) - 1];
    return drawing.move(id, target.parent?.node.id ?? "", before?.node.id ?? "");
  });
}

/** On a phone a switch between the two views; on a wide screen both are visible and the switch is hidden. */
function views(work: HTMLElement, picture: Picture): HTMLElement {
  const button = (view: "list" | "drawing", name: string): HTMLButtonElement =>
    element(
      "button",
      { type: "button", class: "tool", "aria-pressed": String(view === "list"), click: () => show(view) },
      name,
    );
  const buttons = { list: button("list", messages.list), drawing: button("drawing", messages.drawing) };
  const show = (view: "list" | "drawing"): void => {
    work.dataset["view"] = view;
    buttons.list.setAttribute("aria-pressed", String(view === "list"));
    buttons.drawing.setAttribute("aria-pressed", String(view === "drawing"));
    picture.render();
  };
  return element(
    "div",
    { class: "map__views", role: "group", "aria-label": messages.views },
    buttons.list,
    buttons.drawing,
  );
}

function mapTools(
  drawing: Drawing,
  outline: Outline,
  choice: Choice,
  writable: () => boolean,
  openPanel: () => void,
): Toolbar {
  const chosen = (): boolean => writable() && drawing.branch(choice.selected) !== undefined;
  const on = { enabled: chosen };
  return toolbar(messages.tools, [
    {
      name: messages.addSibling,
      icon: "add",
      text: messages.addSiblingText,
      className: "tool--main",
      run: () => outline.addSibling(),
      enabled: writable,
    },
    { name: messages.addChild, icon: "child", text: messages.addChildText, run: () => outline.addChild(), ...on },
    { name: messages.attach, icon: "cite", text: messages.attachText, run: openPanel, ...on },
    { name: messages.edit, icon: "edit", run: () => outline.edit(choice.selected), ...on },
    {
      name: messages.undo,
      icon: "undo",
      run: () => drawing.undoManager.undo(),
      enabled: () => drawing.undoManager.canUndo(),
    },
    {
      name: messages.redo,
      icon: "redo",
      run: () => drawing.undoManager.redo(),
      enabled: () => drawing.undoManager.canRedo(),
    },
    { name: messages.up, icon: "up", run: () => outline.relocate((id) => drawing.shift(id, -1)), ...on },
    { name: messages.down, icon: "down", run: () => outline.relocate((id) => drawing.shift(id, 1)), ...on },
    { name: messages.outdent, icon: "left", run: () => outline.relocate((id) => drawing.outdent(id)), ...on },
    { name: messages.indent, icon: "right", run: () => outline.relocate((id) => drawing.indent(id)), ...on },
    { name: messages.remove, icon: "remove", run: () => outline.remove(), ...on },
  ], () => outline.focus());
}

const asText = (drawing: Drawing): string =>
  flatten(drawing.branches)
    .map((branch) => `${"  ".repeat(branch.level - 1)}- ${nameOf(branch)}`)
    .join("\n");

for (const island of document.querySelectorAll<HTMLElement>("[data-island=map]")) void start(island);

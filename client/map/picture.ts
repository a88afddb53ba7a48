import { drawn, element } from "../shared/element";
import { icon } from "../shared/icons";
import { bounds, landing, layOut, LINE, type Box, type Landing } from "./layout";
import * as messages from "./messages";
import type { Drawing } from "./model";
import type { Choice, Neighbours } from "./outline";
import { Viewport } from "./viewport";

const PADDING = 10;
const FAR = 6;
const READABLE = 0.7;

export interface PictureActions {
  select: (id: string) => void;
  edit: (id: string) => void;
  fold: (id: string) => void;
  drop: (id: string, landing: Landing) => void;
}

/** The map as a drawing: pan, zoom, and move branches by touch or mouse. */
export class Picture {
  readonly element: HTMLElement;
  #svg = drawn("svg", { class: "picture__svg", "aria-hidden": "true" });
  #stage = drawn("g");
  #viewport = new Viewport(this.#svg, this.#stage);
  #boxes: Box[] = [];
  #measure = measurer();
  #drag: { id: string; x: number; y: number; moving: boolean; ghost: SVGGElement | null } | null = null;
  #drawn = false;
  #revealed = "";

  constructor(
    private readonly title: string,
    private readonly drawing: Drawing,
    private readonly choice: Choice,
    private readonly neighbours: Neighbours,
    private readonly writable: () => boolean,
    private readonly actions: PictureActions,
  ) {
    this.#svg.append(this.#stage);
    this.element = element(
      "div",
      { class: "picture", role: "group", "aria-label": messages.drawingLabel },
      this.#svg,
      this.#controls(),
    );
    this.#svg.addEventListener("pointerdown", (event) => this.#pressed(event));
    this.#svg.addEventListener("pointermove", (event) => this.#dragged(event));
    this.#svg.addEventListener("pointerup", (event) => this.#released(event));
    this.#svg.addEventListener("pointercancel", () => this.#cancel());
    this.#svg.addEventListener("dblclick", (event) => this.actions.edit(this.#nodeAt(event) ?? ""));
  }

  render(): void {
    this.#boxes = layOut(this.title, this.drawing.branches, this.choice.collapsed, this.#measure);
    this.#stage.replaceChildren(
      ...this.#boxes.map((box) => line(box)).filter((each) => each !== null),
      ...this.#boxes.map((box) => this.#box(box)),
    );
    if (this.#svg.clientWidth === 0) return;
    if (!this.#drawn) {
      this.#begin();
      this.#revealed = this.choice.selected;
    }
    const chosen = this.#boxes.find((box) => box.id === this.choice.selected);
    if (chosen && chosen.id !== this.#revealed) this.#viewport.reveal(chosen);
    this.#revealed = this.choice.selected;
  }

  fit(): void {
    this.#viewport.fit(bounds(this.#boxes));
  }

  /** Initially zooms so that text is readable; shows the whole map only if that is possible. */
  #begin(): void {
    this.#drawn = true;
    this.#viewport.fit(bounds(this.#boxes), READABLE);
    new ResizeObserver(() => {
      if (!this.#viewport.touched && this.#svg.clientWidth > 0) this.#viewport.fit(bounds(this.#boxes), READABLE);
    }).observe(this.#svg);
  }

  #controls(): HTMLElement {
    const button = (name: string, picture: "add" | "minus" | "fit", run: () => void): HTMLElement =>
      element("button", { type: "button", class: "tool", title: name, "aria-label": name, click: run }, icon(picture));
    return element(
      "div",
      { class: "picture__controls" },
      button(messages.zoomIn, "add", () => this.#viewport.zoom(1.25)),
      button(messages.zoomOut, "minus", () => this.#viewport.zoom(0.8)),
      button(messages.fit, "fit", () => this.fit()),
    );
  }

  #box(box: Box): SVGGElement {
    const chosen = box.id !== "" && box.id === this.choice.selected;
    const group = drawn("g", {
      class: `box box--level-${Math.min(box.level, 4)}${chosen ? " box--chosen" : ""}`,
      "data-node": box.id || null,
      transform: `translate(${box.x} ${box.y})`,
    });
    group.append(drawn("rect", { width: box.width, height: box.height, rx: 6 }));
    box.lines.forEach((words, i) => group.append(drawn("text", { x: PADDING, y: PADDING + LINE * (i + 0.75) }, words)));
    if (box.excerpts) group.append(badge(box));
    if (box.id && this.drawing.branch(box.id)?.children.length) group.append(foldMark(box));
    this.neighbours.at(box.id).forEach(({ name, color }, i) => group.append(visitor(name, color, i)));
    return group;
  }

  #nodeAt(event: Event): string | null {
    return (event.target as Element).closest<SVGElement>("[data-node]")?.dataset["node"] ?? null;
  }

  #pressed(event: PointerEvent): void {
    const id = this.#nodeAt(event);
    if (!id || this.#viewport.pinching) return;
    if ((event.target as Element).closest(".box__fold")) return this.actions.fold(id);
    event.stopPropagation();
    this.actions.select(id);
    if (!this.writable() || event.button !== 0) return;
    this.#svg.setPointerCapture(event.pointerId);
    this.#drag = { id, x: event.clientX, y: event.clientY, moving: false, ghost: null };
  }

  #dragged(event: PointerEvent): void {
    const drag = this.#drag;
    if (!drag) return;
    drag.moving ||= Math.hypot(event.clientX - drag.x, event.clientY - drag.y) > FAR;
    if (!drag.moving) return;
    drag.ghost ??= this.#lift(drag.id);
    const point = this.#viewport.toStage(event.clientX, event.clientY);
    drag.ghost.setAttribute("transform", `translate(${point.x + 8} ${point.y + 8})`);
    this.#mark(this.#target(point));
  }

  #released(event: PointerEvent): void {
    const drag = this.#drag;
    this.#cancel();
    if (!drag?.moving) return;
    const target = this.#target(this.#viewport.toStage(event.clientX, event.clientY), drag.id);
    if (target) this.actions.drop(drag.id, target);
  }

  #cancel(): void {
    this.#drag?.ghost?.remove();
    this.#drag = null;
    this.#mark(null);
  }

  #lift(id: string): SVGGElement {
    const ghost = this.#stage.querySelector<SVGGElement>(`[data-node="${id}"]`)?.cloneNode(true) as SVGGElement;
    ghost.removeAttribute("data-node");
    ghost.classList.add("box--ghost");
    this.#stage.append(ghost);
    return ghost;
  }

  #target(point: { x: number; y: number }, id = this.#drag?.id ?? ""): Landing | null {
    const target = landing(this.#boxes, point.x, point.y);
    return target && !this.drawing.holds(id, target.onto) ? target : null;
  }

  #mark(target: Landing | null): void {
    this.#stage.querySelector(".box__landing")?.remove();
    const box = target && this.#boxes.find((each) => each.id === target.onto);
    if (!box) return;
    const y = target.place === "before" ? box.y - 6 : box.y + box.height + 6;
    const shape =
      target.place === "inside"
        ? drawn("rect", {
            class: "box__landing",
            x: box.x - 4,
            y: box.y - 4,
            width: box.width + 8,
            height: box.height + 8,
            rx: 8,
          })
        : drawn("path", { class: "box__landing", d: `M${box.x} ${y}h${box.width}` });
    this.#stage.append(shape);
  }
}

/** Measures the width of text in the drawing's font, with the browser. */
function measurer(): (text: string) => number {
  const context = document.createElement("canvas").getContext("2d");
  if (!context) return (text) => text.length * 8;
  const face = getComputedStyle(document.documentElement).getPropertyValue("--face-ui") || "sans-serif";
  context.font = `500 15px ${face}`;
  return (text) => context.measureText(text).width;
}

function line(box: Box): SVGPathElement | null {
  if (!box.parent) return null;
  const from = { x: box.parent.x + box.parent.width, y: box.parent.y + box.parent.height / 2 };
  const to = { x: box.x, y: box.y + box.height / 2 };
  const middle = box.x - 36;
  return drawn("path", {
    class: "branch-line",
    d: `M${from.x} ${from.y}H${Math.max(from.x, middle - 20)}C${middle + 8} ${from.y} ${middle} ${to.y} ${to.x} ${to.y}`,
  });
}

function badge(box: Box): SVGGElement {
  const at = `translate(${box.width - 18} ${box.height / 2})`;
  return drawn(
    "g",
    { class: "box__excerpts", transform: at },
    drawn("circle", { r: 10 }),
    drawn("text", { y: 4 }, String(box.excerpts)),
  );
}

function foldMark(box: Box): SVGGElement {
  const at = `translate(${box.width + 12} ${box.height / 2})`;
  return drawn(
    "g",
    { class: "box__fold", transform: at },
    drawn("circle", { r: 11 }),
    drawn("text", { y: 4 }, box.hidden ? String(box.hidden) : "−"),
  );
}

function visitor(name: string, color: string, rank: number): SVGGElement {
  const group = drawn(
    "g",
    { class: "box__person", transform: `translate(${4 + rank * 18} -4)` },
    drawn("title", {}, name),
    drawn("circle", { r: 7 }),
  );
  group.style.setProperty("--author", color);
  return group;
}

import { element } from "./element";
import { icon, type Icon } from "./icons";

export interface Tool {
  /** The accessible name, with the keyboard shortcut. */
  name: string;
  icon?: Icon;
  /** Words or letters shown, instead of or beside the icon. */
  text?: string;
  className?: string;
  run: () => void;
  /** For toggles: whether it is on. */
  pressed?: () => boolean;
  enabled?: () => boolean;
}

export interface Toolbar {
  element: HTMLElement;
  update: () => void;
}

/**
 * A toolbar with one tab stop; arrow keys move between its buttons, Escape leads back to the work (`leave`). Pressing a button by touch or mouse does not move
 * the focus, so that the virtual keyboard stays.
 */
export function toolbar(name: string, parts: (Tool | HTMLElement)[], leave?: () => void): Toolbar {
  const bar = element("div", { class: "toolbar", role: "toolbar", "aria-label": name });
  const buttons = parts.map((part) =>
    part instanceof HTMLElement ? { part } : { part: toolButton(part), tool: part },
  );
  bar.append(...buttons.map(({ part }) => part));
  bar.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !leave) return roam(bar, event);
    event.preventDefault();
    leave();
  });
  bar.addEventListener("mousedown", (event) => {
    if ((event.target as Element).closest("button")) event.preventDefault();
  });
  stops(bar)[0]?.setAttribute("tabindex", "0");
  const update = (): void => buttons.forEach(({ part, tool }) => tool && refresh(part as HTMLButtonElement, tool));
  update();
  return { element: bar, update };
}

function toolButton(tool: Tool): HTMLButtonElement {
  const button = element("button", {
    type: "button",
    class: `tool ${tool.className ?? ""}`.trim(),
    title: tool.name,
    "aria-label": tool.name,
    tabindex: -1,
    click: () => {
      if (button.getAttribute("aria-disabled") !== "true") tool.run();
    },
  });
  if (tool.icon) button.append(icon(tool.icon));
  if (tool.text) button.append(element("span", { class: "tool__text" }, tool.text));
  return button;
}

function refresh(button: HTMLButtonElement, tool: Tool): void {
  if (tool.pressed) button.setAttribute("aria-pressed", String(tool.pressed()));
  if (tool.enabled) button.setAttribute("aria-disabled", String(!tool.enabled()));
}

const stops = (bar: HTMLElement): HTMLElement[] => [...bar.querySelectorAll<HTMLElement>("button, select, input")];

function roam(bar: HTMLElement, event: KeyboardEvent): void {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  const all = stops(bar);
  const at = all.indexOf(document.activeElement as HTMLElement);
  if (at < 0 || (!step && event.key !== "Home" && event.key !== "End")) return;
  if (document.activeElement instanceof HTMLInputElement) return;
  event.preventDefault();
  const next = step ? (at + step + all.length) % all.length : event.key === "Home" ? 0 : all.length - 1;
  all.forEach((stop, i) => stop.setAttribute("tabindex", i === next ? "0" : "-1"));
  all[next]?.focus();
}

import { drawn } from "./element";

/** Strokes on a 24 × 24 field. */
const PATHS = {
  grip: "M9 6h.01M15 6h.01M9 12h.01M15 12h.01M9 18h.01M15 18h.01",
  find: "M11 4a7 7 0 1 1 0 14 7 7 0 0 1 0-14M16 16l5 5",
  help: "M9 9a3 3 0 1 1 4 3c-1 .5-1 1-1 2M12 18h.01",
  undo: "M9 14 4 9l5-5M4 9h10a6 6 0 0 1 0 12h-3",
  redo: "m15 14 5-5-5-5M20 9H10a6 6 0 0 0 0 12h3",
  bullets: "M9 6h11M9 12h11M9 18h11M4 6h.01M4 12h.01M4 18h.01",
  numbers: "M10 6h10M10 12h10M10 18h10M4 4h1v5M4 9h2M4 14h2l-2 4h2",
  link: "M10 14a4 4 0 0 0 6 0l3-3a4 4 0 0 0-6-6l-1 1M14 10a4 4 0 0 0-6 0l-3 3a4 4 0 0 0 6 6l1-1",
  up: "M12 19V5M6 11l6-6 6 6",
  down: "M12 5v14M6 13l6 6 6-6",
  left: "M19 12H5M11 6l-6 6 6 6",
  right: "M5 12h14M13 6l6 6-6 6",
  remove: "M4 7h16M10 11v6M14 11v6M6 7l1 13h10l1-13M9 7V4h6v3",
  cite: "M7 8h4v5c0 2-1 3-3 4M14 8h4v5c0 2-1 3-3 4",
  add: "M12 5v14M5 12h14",
  child: "M5 4v10h9M14 10v8h6v-8z",
  edit: "M4 20h4L19 9l-4-4L4 16zM13 7l4 4",
  minus: "M5 12h14",
  comment: "M4 5h16v11H10l-5 4v-4H4zM8 9h8M8 12h5",
  suggest: "M4 20h4L18 10l-4-4L4 16zM14 4l2-2M20 10l2-2M18 5l2-2",
  side: "M4 5h16v14H4zM14 5v14",
  fit: "M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5",
} as const;

export type Icon = keyof typeof PATHS;

/** An icon beside or instead of text; its button must have an accessible name. */
export const icon = (name: Icon): SVGElement =>
  drawn(
    "svg",
    { class: "icon", viewBox: "0 0 24 24", "aria-hidden": "true", focusable: "false" },
    drawn("path", { d: PATHS[name] }),
  );

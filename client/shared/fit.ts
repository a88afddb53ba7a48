const SMALLEST = 0.4;
const STEP = 0.95;

/** What `fit` needs to know of an element: whether its content is larger than itself. */
export interface Box {
  readonly scrollHeight: number;
  readonly clientHeight: number;
  readonly scrollWidth: number;
  readonly clientWidth: number;
}

const overflows = (box: Box): boolean =>
  box.scrollHeight > box.clientHeight + 1 || box.scrollWidth > box.clientWidth + 1;

/** Lowers the property `--fit` of the root, from 1, until the box and what scrolls in it hold their content. */
export function fit(root: HTMLElement, place: HTMLElement): number {
  const boxes = (): Box[] => [place, ...place.querySelectorAll<HTMLElement>("[data-live], .stage-body")];
  let scale = 1;
  root.style.setProperty("--fit", "1");
  while (scale > SMALLEST && boxes().some(overflows)) {
    scale = Math.max(SMALLEST, scale * STEP);
    root.style.setProperty("--fit", scale.toFixed(3));
  }
  return scale;
}

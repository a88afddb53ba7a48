interface Point {
  x: number;
  y: number;
}

export interface Area extends Point {
  width: number;
  height: number;
}

const SMALLEST = 0.2;
const LARGEST = 3;

/** Pans and zooms a drawing: by touch or mouse on its background, by pinching, or by the wheel with Ctrl. */
export class Viewport {
  /** Whether the person panned or zoomed since the last fit. */
  touched = false;
  #x = 0;
  #y = 0;
  #scale = 1;
  #pointers = new Map<number, Point>();

  constructor(
    private readonly svg: SVGSVGElement,
    private readonly stage: SVGGElement,
  ) {
    svg.addEventListener("pointerdown", (event) => this.#down(event));
    svg.addEventListener("pointermove", (event) => this.#move(event));
    for (const end of ["pointerup", "pointercancel"] as const)
      svg.addEventListener(end, (event) => this.#pointers.delete(event.pointerId));
    svg.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
  }

  get pinching(): boolean {
    return this.#pointers.size > 1;
  }

  toStage(clientX: number, clientY: number): Point {
    const { left, top } = this.svg.getBoundingClientRect();
    return { x: (clientX - left - this.#x) / this.#scale, y: (clientY - top - this.#y) / this.#scale };
  }

  /**
   * Fits a rectangle of the drawing into the view, without enlarging it. With `least`, text has at least that scale,
   * and the left middle of the rectangle is shown.
   */
  fit(area: Area, least = SMALLEST): void {
    const { clientWidth: width, clientHeight: height } = this.svg;
    this.#scale = Math.max(least, clamp(Math.min((width - 48) / area.width, (height - 48) / area.height, 1)));
    const [wide, tall] = [area.width * this.#scale, area.height * this.#scale];
    this.#x = Math.max(24, (width - wide) / 2) - area.x * this.#scale;
    this.#y = (height - tall) / 2 - area.y * this.#scale;
    this.touched = false;
    this.#apply();
  }

  /** Scrolls as little as needed to make a rectangle visible. */
  reveal(area: Area): void {
    const { clientWidth: width, clientHeight: height } = this.svg;
    this.#x += into(area.x * this.#scale + this.#x, area.width * this.#scale, width);
    this.#y += into(area.y * this.#scale + this.#y, area.height * this.#scale, height);
    this.#apply();
  }

  /** Zooms by a factor around a point of the page, or around the centre. */
  zoom(factor: number, clientX?: number, clientY?: number): void {
    const { left, top, width, height } = this.svg.getBoundingClientRect();
    const at = { x: (clientX ?? left + width / 2) - left, y: (clientY ?? top + height / 2) - top };
    const scale = clamp(this.#scale * factor);
    this.#x = at.x - ((at.x - this.#x) / this.#scale) * scale;
    this.#y = at.y - ((at.y - this.#y) / this.#scale) * scale;
    this.#scale = scale;
    this.touched = true;
    this.#apply();
  }

  #down(event: PointerEvent): void {
    if ((event.target as Element).closest("[data-node]") && !this.#pointers.size) return;
    this.#pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    this.svg.setPointerCapture(event.pointerId);
  }

  #move(event: PointerEvent): void {
    const before = this.#pointers.get(event.pointerId);
    if (!before) return;
    const now = { x: event.clientX, y: event.clientY };
    const other = [...this.#pointers].find(([id]) => id !== event.pointerId)?.[1];
    if (other)
      this.zoom(distance(now, other) / (distance(before, other) || 1), (now.x + other.x) / 2, (now.y + other.y) / 2);
    else {
      this.#x += now.x - before.x;
      this.#y += now.y - before.y;
      this.touched = true;
      this.#apply();
    }
    this.#pointers.set(event.pointerId, now);
  }

  #wheel(event: WheelEvent): void {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    this.zoom(Math.exp(-event.deltaY / 300), event.clientX, event.clientY);
  }

  #apply(): void {
    this.stage.setAttribute("transform", `translate(${this.#x} ${this.#y}) scale(${this.#scale})`);
  }
}

/** The shift by which something at `start` of that length is within [0, room], with a margin. */
function into(start: number, length: number, room: number): number {
  const margin = 16;
  if (start < margin) return margin - start;
  const over = start + length - (room - margin);
  return over > 0 ? -Math.min(over, start - margin) : 0;
}

const clamp = (scale: number): number => Math.min(LARGEST, Math.max(SMALLEST, Number.isFinite(scale) ? scale : 1));

const distance = (a: Point, b: Point): number => Math.hypot(a.x - b.x, a.y - b.y);

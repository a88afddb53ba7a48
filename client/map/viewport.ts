interface Point {
  x: number;
  y: number;
}

const SMALLEST = 0.2;
const LARGEST = 3;

/** Pans and zooms a drawing: a finger or the mouse on its background, two fingers, or the wheel with Ctrl. */
export class Viewport {
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
    for (const end of ["pointerup", "pointercancel"] as const) svg.addEventListener(end, (event) => this.#pointers.delete(event.pointerId));
    svg.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
  }

  get pinching(): boolean {
    return this.#pointers.size > 1;
  }

  toStage(clientX: number, clientY: number): Point {
    const { left, top } = this.svg.getBoundingClientRect();
    return { x: (clientX - left - this.#x) / this.#scale, y: (clientY - top - this.#y) / this.#scale };
  }

  /** Shows a rectangle of the drawing whole, never larger than life. */
  fit(area: { x: number; y: number; width: number; height: number }): void {
    const { clientWidth: width, clientHeight: height } = this.svg;
    this.#scale = clamp(Math.min((width - 48) / area.width, (height - 48) / area.height, 1));
    this.#x = (width - area.width * this.#scale) / 2 - area.x * this.#scale;
    this.#y = (height - area.height * this.#scale) / 2 - area.y * this.#scale;
    this.#apply();
  }

  /** Zooms by a factor around a point of the page, or around the middle. */
  zoom(factor: number, clientX?: number, clientY?: number): void {
    const { left, top, width, height } = this.svg.getBoundingClientRect();
    const at = { x: (clientX ?? left + width / 2) - left, y: (clientY ?? top + height / 2) - top };
    const scale = clamp(this.#scale * factor);
    this.#x = at.x - ((at.x - this.#x) / this.#scale) * scale;
    this.#y = at.y - ((at.y - this.#y) / this.#scale) * scale;
    this.#scale = scale;
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
    if (other) this.zoom(distance(now, other) / (distance(before, other) || 1), (now.x + other.x) / 2, (now.y + other.y) / 2);
    else {
      this.#x += now.x - before.x;
      this.#y += now.y - before.y;
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

const clamp = (scale: number): number => Math.min(LARGEST, Math.max(SMALLEST, Number.isFinite(scale) ? scale : 1));

const distance = (a: Point, b: Point): number => Math.hypot(a.x - b.x, a.y - b.y);

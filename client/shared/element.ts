export type Attribute = string | number | boolean | null | undefined | ((event: never) => void);

/**
 * Builds an element. An attribute that is null, undefined or false is left out, true becomes an empty attribute, and a
 * function becomes a listener of the event of that name.
 */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Record<string, Attribute> = {},
  ...children: (Node | string | null)[]
): HTMLElementTagNameMap[Tag] {
  const created = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) assign(created, name, value);
  created.append(...children.filter((child) => child !== null));
  return created;
}

export function assign(target: Element, name: string, value: Attribute): void {
  if (typeof value === "function") target.addEventListener(name, value as EventListener);
  else if (value === null || value === undefined || value === false) target.removeAttribute(name);
  else target.setAttribute(name, value === true ? "" : String(value));
}

const SVG = "http://www.w3.org/2000/svg";

export function drawn<Tag extends keyof SVGElementTagNameMap>(
  tag: Tag,
  attributes: Record<string, Attribute> = {},
  ...children: (Node | string)[]
): SVGElementTagNameMap[Tag] {
  const created = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) assign(created, name, value);
  created.append(...children);
  return created;
}

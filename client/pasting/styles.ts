/** Reads the styles of pasted HTML as data, because the page's security policy blocks and reports style attributes. */

export type Style = ReadonlyMap<string, string>;

const NONE: Style = new Map();

/** The HTML with its style attributes renamed and its style sheets removed. */
export function withoutStyles(html: string): { html: string; sheet: string } {
  const sheets: string[] = [];
  const rest = html
    .replace(/<style\b[^>]*>([\s\S]*?)<\/style\s*>/gi, (_all, rules: string) => (sheets.push(rules), ""))
    .replace(/<[a-z](?:"[^"]*"|'[^']*'|[^'">])*>/gi, (tag) => tag.replace(/\sstyle\s*=/gi, " data-style="));
  return { html: rest, sheet: sheets.join("\n") };
}

/** The declarations of a style attribute, with property names in lower case. */
function declared(text: string): Style {
  if (!text) return NONE;
  const found = new Map<string, string>();
  for (const declaration of text.split(";")) {
    const at = declaration.indexOf(":");
    if (at > 0) found.set(declaration.slice(0, at).trim().toLowerCase(), declaration.slice(at + 1).trim());
  }
  return found;
}

const MATTERS = /font|line-through|strike|display|visibility|mso-hide/i;

/** The rules of a style sheet for classes and tags, such as Excel's ".xl65 {font-weight: 700}". */
export class StyleSheet {
  #rules = new Map<string, Style>();

  constructor(text: string) {
    const plain = text.replace(/<!--|-->|\/\*[\s\S]*?\*\//g, "");
    for (const [, selectors = "", body = ""] of plain.matchAll(/([^{}]+)\{([^{}]*)\}/g)) {
      if (!MATTERS.test(body) || selectors.includes("@")) continue;
      for (const selector of selectors.split(",")) this.#add(selector.trim().toLowerCase(), declared(body));
    }
  }

  #add(selector: string, style: Style): void {
    if (/^[a-z0-9]*(?:\.[\w-]+)?$/.test(selector))
      this.#rules.set(selector, new Map([...(this.#rules.get(selector) ?? NONE), ...style]));
  }

  /** The style of an element: of its tag, its classes and its own attribute, later ones taking precedence. */
  of(element: Element): Style {
    const own = declared(element.getAttribute("data-style") ?? "");
    if (!this.#rules.size) return own;
    const tag = element.localName;
    const classes = [...element.classList].map((name) => name.toLowerCase());
    const names = [tag, ...classes.flatMap((name) => [`.${name}`, `${tag}.${name}`])];
    const rules = names.flatMap((name) => [...(this.#rules.get(name) ?? NONE)]);
    return rules.length ? new Map([...rules, ...own]) : own;
  }
}

/** Whether a style is bold; null if it does not say. */
export function isBold(style: Style): boolean | null {
  const weight = (style.get("font-weight") ?? style.get("font")?.match(/\b(?:bold|[6-9]00)\b/)?.[0] ?? "").toLowerCase();
  if (/^(?:bold|bolder|[6-9]\d\d|1000)\b/.test(weight)) return true;
  return /^(?:normal|lighter|[1-5]\d\d)\b/.test(weight) ? false : null;
}

export function isItalic(style: Style): boolean | null {
  const slant = (style.get("font-style") ?? "").toLowerCase();
  if (/^(?:italic|oblique)/.test(slant)) return true;
  return slant.startsWith("normal") ? false : null;
}

const DECORATIONS = ["text-decoration", "text-decoration-line", "text-line-through", "text-line-through-style", "mso-text-strike"];

/** Whether the text is struck through. */
export const isStruck = (style: Style): boolean =>
  DECORATIONS.some((name) => {
    const value = style.get(name)?.toLowerCase() ?? "";
    return name.startsWith("text-decoration") ? value.includes("line-through") : value !== "" && !/^(?:none|no)/.test(value);
  });

/** Whether it is invisible. */
export const isHidden = (style: Style): boolean =>
  style.get("display")?.toLowerCase() === "none" ||
  style.get("visibility")?.toLowerCase() === "hidden" ||
  style.get("mso-hide")?.toLowerCase() === "all";

import { element } from "../shared/element";
import * as messages from "./messages";

/** Characters of an idea; the server has the same limit. Longer ideas should be split into several nodes. */
const LONGEST = 500;

export interface FieldActions {
  write: (words: string) => void;
  /** Called for Enter or Tab, which leave the field and go on. */
  next: (event: KeyboardEvent) => void;
  done: () => void;
}

/** The field in which a node is edited. What is typed is shared after a moment, not only when the field closes. */
export function editField(
  words: string,
  start: string | undefined,
  actions: FieldActions,
): { field: HTMLInputElement; stop: (keep: boolean) => void } {
  const field = element("input", {
    type: "text",
    class: "node__field",
    maxlength: LONGEST,
    "aria-label": messages.textLabel,
    autocomplete: "off",
  });
  field.value = start ?? words;
  let open = true;
  let shared = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stop = (keep: boolean): void => {
    if (!open) return;
    open = false;
    clearTimeout(timer);
    if (keep || shared) actions.write(keep ? field.value.trim() : words);
    actions.done();
  };
  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      shared = true;
      actions.write(field.value.trim());
    }, 400);
  });
  field.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (event.isComposing) return;
    if (event.key === "Escape") {
      event.preventDefault();
      stop(false);
    } else if (event.key === "Enter" || event.key === "Tab") {
      event.preventDefault();
      actions.write(field.value.trim());
      actions.next(event);
    }
  });
  field.addEventListener("blur", () => stop(true));
  return { field, stop };
}

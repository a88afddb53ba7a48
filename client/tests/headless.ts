import { EditorState, type Plugin, type PluginView, type Transaction } from "prosemirror-state";
import type { EditorView } from "prosemirror-view";

/**
 * An editor without a page: state, plugins and what they do at each change, as `EditorView` has them, and nothing to draw.
 * A text then costs a tenth, and thousands of lives can be tried.
 */
export class Headless {
  readonly editable = true;
  isDestroyed = false;
  #views: PluginView[] = [];

  constructor(
    public state: EditorState,
    plugins: readonly Plugin[],
  ) {
    for (const plugin of plugins) {
      const view = plugin.spec.view?.(this as unknown as EditorView);
      if (view) this.#views.push(view);
    }
  }

  readonly dispatch = (tr: Transaction): void => {
    const before = this.state;
    this.state = before.apply(tr);
    for (const view of this.#views) view.update?.(this as unknown as EditorView, before);
  };

  hasFocus(): boolean {
    return false;
  }

  updateState(state: EditorState): void {
    this.state = state;
  }

  destroy(): void {
    this.isDestroyed = true;
    for (const view of this.#views) view.destroy?.();
  }
}

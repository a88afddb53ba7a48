import { Plugin, PluginKey, type EditorState } from "prosemirror-state";
import { DecorationSet, type Decoration, type EditorView } from "prosemirror-view";
import { ySyncPluginKey } from "y-prosemirror";

export interface Overlay {
  plugin: Plugin;
  /** Redraws, because the drawing changed and not the text. */
  redraw: (view: EditorView) => void;
}

/**
 * Decorations computed from the shared document. After a remote edit the shared document is up to date, and they are
 * redrawn at once; one's own letters reach it a moment later, so the decorations are first shifted and then redrawn.
 */
export function overlay(name: string, draw: (state: EditorState) => Decoration[]): Overlay {
  const key = new PluginKey<Drawn>(name);
  const drawn = (state: EditorState): Drawn => ({ marks: DecorationSet.create(state.doc, draw(state)), stale: false });
  const redraw = (view: EditorView): void => {
    if (!view.isDestroyed) view.dispatch(view.state.tr.setMeta(key, true));
  };
  const plugin: Plugin<Drawn> = new Plugin<Drawn>({
    key,
    state: {
      init: () => ({ marks: DecorationSet.empty, stale: false }),
      apply: (tr, old, _before, state) => {
        if (tr.getMeta(key) || isFromElsewhere(tr.getMeta(ySyncPluginKey))) return drawn(state);
        return tr.docChanged ? { marks: old.marks.map(tr.mapping, tr.doc), stale: true } : old;
      },
    },
    props: { decorations: (state) => key.getState(state)?.marks },
    view: () => {
      let frame = 0;
      return {
        update: (view) => {
          if (!key.getState(view.state)?.stale) return;
          cancelAnimationFrame(frame);
          frame = requestAnimationFrame(() => redraw(view));
        },
        destroy: () => cancelAnimationFrame(frame),
      };
    },
  });
  return { plugin, redraw };
}

interface Drawn {
  marks: DecorationSet;
  /** Shifted, not yet redrawn. */
  stale: boolean;
}

const isFromElsewhere = (meta: unknown): boolean =>
  (meta as { isChangeOrigin?: boolean } | undefined)?.isChangeOrigin === true;

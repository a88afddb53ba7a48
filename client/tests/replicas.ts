import type { Node } from "prosemirror-model";
import { EditorState, TextSelection, type Command } from "prosemirror-state";
import type { EditorView } from "prosemirror-view";
import { initProseMirrorDoc, ySyncPlugin, ySyncPluginKey, undoCommand, yUndoPlugin, type ProsemirrorBinding } from "y-prosemirror";
import * as Y from "yjs";

import { bindByClause } from "../editor/alignment";
import { repairPlugin, repairView } from "../editor/repair";
import { losses, rescue, type Loss } from "../editor/rescue";
import { schema } from "../editor/schema";
import { Headless } from "./headless";

/** One person's editor, bound to a Yjs document of its own. What it writes waits in `outbox`. */
export class Replica {
  readonly doc = new Y.Doc();
  readonly view: EditorView;
  readonly outbox: Uint8Array[] = [];
  readonly binding: ProsemirrorBinding;
  settled: ReadonlySet<string> = new Set();
  /** Words of this person that lost their place for good. */
  homeless: Loss[] = [];
  #lost: Loss[] = [];
  #later: (() => void)[] = [];

  constructor(
    client: number,
    start: Uint8Array,
    readonly first: boolean,
  ) {
    this.doc.clientID = client;
    Y.applyUpdate(this.doc, start);
    const fragment = this.doc.getXmlFragment("prosemirror");
    const { doc, mapping } = initProseMirrorDoc(fragment, schema);
    const plugins = [
      ySyncPlugin(fragment, { mapping }),
      yUndoPlugin(),
      repairPlugin(
        () => first,
        () => undefined,
      ),
    ];
    this.view = new Headless(EditorState.create({ doc, plugins }), plugins) as unknown as EditorView;
    this.binding = (ySyncPluginKey.getState(this.view.state) as { binding: ProsemirrorBinding }).binding;
    bindByClause(
      this.binding,
      () => this.settled,
      (act) => this.#later.push(act),
    );
    this.doc.on("update", (update: Uint8Array, origin: unknown) => {
      if (origin !== "elsewhere") this.outbox.push(update);
    });
    this.doc.on("afterTransaction", (transaction: Y.Transaction) => {
      if (transaction.origin === "elsewhere") this.#lost.push(...losses(transaction, 0));
    });
  }

  get text(): Node {
    return this.view.state.doc;
  }

  receive(update: Uint8Array): void {
    Y.applyUpdate(this.doc, update, "elsewhere");
  }

  /** What happens a moment after an edit from elsewhere. */
  settle(): void {
    this.#later.splice(0).forEach((act) => act());
    this.homeless.push(...rescue(this.view, this.#lost.splice(0)));
    repairView(this.view, this.first);
  }

  /** Puts the cursor into the textblock number `block`, at a fraction of its length. */
  place(block: number, fraction: number): void {
    const places: [number, number][] = [];
    this.text.descendants((node, pos) => {
      if (node.isTextblock) places.push([pos + 1, node.content.size]);
    });
    const [start, size] = places[block % places.length] ?? [1, 0];
    const at = start + Math.round(size * fraction);
    this.view.dispatch(this.view.state.tr.setSelection(TextSelection.create(this.text, at)));
  }

  type(words: string): void {
    this.view.dispatch(this.view.state.tr.insertText(words));
  }

  /** Selects from one letter of a textblock to another. */
  select(block: number, from: number, to: number): void {
    this.place(block, 0);
    const { head } = this.view.state.selection;
    this.view.dispatch(this.view.state.tr.setSelection(TextSelection.create(this.text, head + from, head + to)));
  }

  undo(): void {
    undoCommand(this.view.state, this.view.dispatch);
  }

  /** Takes back the letter before the cursor. */
  backspace(): void {
    const { head } = this.view.state.selection;
    this.view.dispatch(this.view.state.tr.delete(head - 1, head));
  }

  run(command: Command): boolean {
    return command(this.view.state, this.view.dispatch, this.view);
  }

  destroy(): void {
    this.view.destroy();
    this.doc.destroy();
  }
}

/** A shared text as one update, written by a client of its own. */
export function sharedText(doc: Node): Uint8Array {
  const source = new Y.Doc();
  source.clientID = 1;
  const plugins = [ySyncPlugin(source.getXmlFragment("prosemirror"))];
  const view = new Headless(EditorState.create({ schema, plugins }), plugins);
  view.dispatch(view.state.tr.replaceWith(0, view.state.doc.content.size, doc.content));
  view.destroy();
  return Y.encodeStateAsUpdate(source);
}

/** Brings everything to everyone, repairs included, until nothing is left to say. */
export function flush(replicas: Replica[]): void {
  for (let rounds = 0; rounds < 20; rounds += 1) {
    const said = replicas.map((replica) => replica.outbox.splice(0));
    if (said.every((updates) => updates.length === 0)) return;
    said.forEach((updates, from) => {
      replicas.forEach((replica, to) => {
        if (to !== from) updates.forEach((update) => replica.receive(update));
      });
    });
    replicas.forEach((replica) => replica.settle());
  }
  throw new Error("the replicas never come to rest");
}

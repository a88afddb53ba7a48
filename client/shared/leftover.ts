import { IndexeddbPersistence } from "y-indexeddb";
import * as Y from "yjs";

import { databaseOf, type Place } from "./sync";

/** What this device still keeps of a document, beyond what the server has. */
export interface Leftover {
  /** The shared document with the words of this device in it. */
  doc: Y.Doc;
  forget: () => Promise<void>;
}

/**
 * The words that a person typed on this device and that the server never took, because writing closed meanwhile. The page
 * only reads then, so they are looked for apart. Null when there is nothing; `shared` must be what the server has.
 */
export async function leftover(place: Place, shared: Y.Doc): Promise<Leftover | null> {
  const name = databaseOf(place);
  if (!place.person || !(await exists(name))) return null;
  const doc = new Y.Doc();
  const device = new IndexeddbPersistence(name, doc);
  await device.whenSynced;
  await device.destroy();
  const known = Y.encodeStateVector(doc);
  Y.applyUpdate(doc, Y.encodeStateAsUpdate(shared, known));
  const forget = async (): Promise<void> => {
    await new Promise((done) => {
      const request = indexedDB.deleteDatabase(name);
      request.onsuccess = request.onerror = request.onblocked = done;
    });
  };
  return { doc, forget };
}

async function exists(name: string): Promise<boolean> {
  if (!("indexedDB" in globalThis)) return false;
  const all = await indexedDB.databases?.().catch(() => undefined);
  return all === undefined || all.some((each) => each.name === name);
}

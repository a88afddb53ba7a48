import { IndexeddbPersistence } from "y-indexeddb";
import * as Y from "yjs";

import { databaseOf, type Place } from "./sync";

/** What this device stores of a document that the server does not have. */
export interface Leftover {
  /** The shared document merged with the text stored on this device. */
  doc: Y.Doc;
  forget: () => Promise<void>;
}

/**
 * Finds words typed on this device that the server never stored, because writing was closed meanwhile. The page is then
 * read-only, so they are looked up separately. Null if there are none; `shared` must be the server's document.
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

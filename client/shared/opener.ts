import { announce } from "./announce";
import { takeFocus } from "./focus";
import { say } from "./language";

/**
 * Shows a dialog that is loaded when it is asked for. Nothing has the focus meanwhile, so that no key press meant for it
 * reaches the text; `leave` gives the focus back where nothing had it.
 */
export function opener(load: () => Promise<HTMLDialogElement>, leave: () => void): () => void {
  let sheet: HTMLDialogElement | null = null;
  return () => {
    const before = document.activeElement;
    const back = (): void => (before instanceof HTMLElement && before !== document.body ? before.focus() : leave());
    takeFocus(null);
    void (sheet ? Promise.resolve(sheet) : load()).then(
      (loaded) => {
        sheet = loaded;
        if (!sheet.isConnected) document.body.append(sheet);
        sheet.addEventListener("close", back, { once: true });
        sheet.showModal();
      },
      () => {
        announce(say("L’aide n’a pas pu être chargée.", "The help could not be loaded."), true);
        back();
      },
    );
  };
}

import { runsOf, textOf, type Block } from "./structure";

const SENDER = /^\s*(?:\*?(?:de|from|von|da)\s*:)/i;
const OTHER_LINES = /(?:^|\n)\s*\*?(?:envoyé(?: le)?|date|sent|à|to|objet|subject|cc)\s*:/gi;
const SEPARATOR =
  /^\s*[-_—]{2,}\s*(?:message d[’']origine|message (?:original|transféré)|original message|forwarded message|début du message)|^\s*début du message (?:réexpédié|transféré)/i;
const ATTRIBUTION = /^\s*(?:le|on)\s[^\n]{5,160}(?:\n[^\n]{0,80})?(?:a écrit|wrote)\s*:\s*$/i;

/** "Le 3 mars 2027, Paul a écrit :" above a quoted message. */
export const isAttribution = (text: string): boolean => ATTRIBUTION.test(text.replace(/\u00a0/g, " "));

/** Number of blocks that the header of a forwarded message ("De : … Envoyé : … Objet : …") may have. */
const HEADER = 6;

/**
 * Removes the message quoted below an answer. If nothing precedes it, as in a forwarded message, only its header is
 * removed.
 */
export function withoutQuotedMail(blocks: readonly Block[]): Block[] {
  for (let at = 0; at < blocks.length; at += 1) {
    const length = headerAt(blocks, at);
    if (length) return at > 0 ? blocks.slice(0, at) : withoutQuotedMail(blocks.slice(at + length));
  }
  return [...blocks];
}

/** Number of blocks of a message header that begins there; 0 for none. */
function headerAt(blocks: readonly Block[], at: number): number {
  const text = textAt(blocks, at);
  if (SEPARATOR.test(text) || isAttribution(text)) return 1;
  if (!SENDER.test(text)) return 0;
  const lines: string[] = [];
  for (let count = 0; count < HEADER && at + count < blocks.length; count += 1) {
    const next = textAt(blocks, at + count);
    if (count && !new RegExp(OTHER_LINES.source, "i").test(next)) break;
    lines.push(next);
  }
  return (lines.join("\n").match(OTHER_LINES)?.length ?? 0) >= 2 ? lines.length : 0;
}

const textAt = (blocks: readonly Block[], at: number): string => {
  const block = blocks[at];
  return block ? textOf(runsOf(block)).replace(/\u00a0/g, " ") : "";
};

import { textLines } from "./lines";
import { withoutQuotedMail } from "./mail";
import { finished } from "./shaping";
import type { Block } from "./structure";

/** The blocks in the plain text of a clipboard; `asIs` does not join lines. */
export const readText = (text: string, asIs = false): Block[] => finished(withoutQuotedMail(textLines(text, !asIs)));

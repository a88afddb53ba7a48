import { textLines } from "./lines";
import { withoutQuotedMail } from "./mail";
import { finished } from "./shaping";
import type { Block } from "./structure";

/** What the plain text of a clipboard says; `asIs` leaves its lines as they are. */
export const readText = (text: string, asIs = false): Block[] => finished(withoutQuotedMail(textLines(text, !asIs)));

import { expect, test } from "vitest";

import { unsent } from "../editor/unsent";
import { motion } from "./motion";

test("what a device says otherwise than the server is told by passage", () => {
  const shared = motion("visa|a|un", "visa|b|deux", "demande|c|trois", "demande|d|quatre");
  const mine = motion("visa|b|deux", "visa|a|un et demi", "demande|d|quatre", "demande|e|cinq");
  expect(unsent(mine, shared)).toEqual([
    { label: "Visa 2", words: "un et demi" },
    { label: "Demande 2", words: "cinq" },
    { label: "Demande", words: "trois (supprimé)" },
  ]);
});

test("a device that is merely behind has nothing to tell", () => {
  const shared = motion("visa|a|un", "visa|b|/");
  expect(unsent(shared, shared)).toEqual([]);
  expect(unsent(motion("visa|a|un"), shared)).toEqual([]);
});

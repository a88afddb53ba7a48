// @ts-expect-error: the types of Node are not part of the client
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";

import { asClauses } from "../editor/paste";
import { kindOf } from "../editor/clauses";
import { schema } from "../editor/schema";
import { announcedBy } from "../pasting/formulas";
import { readHtml } from "../pasting/html";
import { asText } from "../pasting/plain";
import { readText } from "../pasting/text";

/** Real clipboards, where they are at hand. */
const FOLDER = new URL("../../../shared/data/cases/paste/", import.meta.url);
const cases: Record<string, string> = existsSync(FOLDER)
  ? Object.fromEntries(readdirSync(FOLDER).map((name: string) => [name, readFileSync(new URL(name, FOLDER), "utf8")]))
  : {};

describe.skipIf(!Object.keys(cases).length)("real clipboards", () => {
  test.each(Object.entries(cases))("%s", (name, said) => {
    const blocks = name.endsWith(".html") ? readHtml(said) : readText(said);
    const { content } = asClauses(blocks, { kind: "visa", isEmpty: true });
    const words = asText(blocks);
    const source = new DOMParser().parseFromString(name.endsWith(".html") ? said : "", "text/html");

    expect(words).not.toBe("");
    content.forEach((node) => {
      expect(node.textContent.trim()).not.toBe("");
      const announced = announcedBy(node.firstChild?.textContent ?? "");
      if (node.type === schema.nodes.clause && announced) expect(kindOf(node)).toBe(announced);
    });
    for (const gone of source.querySelectorAll("del")) expect(words).not.toContain(gone.textContent);
    for (const bold of source.querySelectorAll("b")) {
      const told = bold.textContent ?? "";
      if (words.includes(told)) expect(words).toContain(`**${told}**`);
    }
    const numbered = source.querySelectorAll("ol > li").length + (said.match(/Ignore'>\d+\./g)?.length ?? 0);
    let items = 0;
    content.descendants((node, _pos, parent) => {
      if (parent?.type === schema.nodes.ordered_list && node.type === schema.nodes.list_item) items += 1;
    });
    expect(items).toBe(numbered);
    const rows = [...source.querySelectorAll("tr")].filter((row) => row.cells.length > 1);
    expect(words.split("\n").filter((line) => line.includes("|"))).toHaveLength(rows.length);
    for (const row of rows) {
      const cells = [...row.cells].map((cell) => cell.textContent?.trim() ?? "");
      expect(words.replaceAll("*", "")).toContain(cells.join(" | ").replace(/ {2,}/g, " ").trim());
    }
  });
});

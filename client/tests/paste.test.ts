import { DOMParser as Reader, Slice } from "prosemirror-model";
import { describe, expect, test } from "vitest";

import { asClauses, cleanHtml } from "../editor/paste";
import { schema } from "../editor/schema";
import { motion } from "./motion";

function pasted(html: string): Slice {
  const holder = document.createElement("div");
  holder.innerHTML = cleanHtml(html);
  return Reader.fromSchema(schema).parseSlice(holder);
}

const none: ReadonlySet<string> = new Set();
const clauses = (slice: Slice): string[] =>
  slice.content.content.map((node) => `${node.attrs["kind"]}: ${node.textContent}`);

describe("cleaning", () => {
  test("Word: styles, comments and its own tags go, words and emphasis stay", () => {
    const html = `<html><head><style>p{color:red}</style></head><body><!--StartFragment--><p class=MsoNormal style='mso-margin:0'>
      <b>Vu</b> le <i>code</i><o:p></o:p></p><!--EndFragment--></body></html>`;
    const { content } = pasted(html);
    expect(content.firstChild?.textContent.trim()).toBe("Vu le code");
    expect(cleanHtml(html)).not.toMatch(/style>|StartFragment/);
  });

  test("Word: list paragraphs become a list", () => {
    const item = (words: string): string =>
      `<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><![if !supportLists]><span style='mso-list:Ignore'>·<span>&nbsp;</span></span><![endif]>${words}</p>`;
    expect(cleanHtml(`<p>Demande :</p>${item("un")}${item("deux")}`)).toBe(
      '<p>Demande :</p><ul data-gathered=""><li>un</li><li>deux</li></ul>',
    );
  });

  test("Word: numbered paragraphs become a numbered list", () => {
    expect(cleanHtml("<p style='mso-list:l0 level1'>1. un</p>")).toBe('<ol data-gathered=""><li>un</li></ol>');
  });

  test("LibreOffice and mail: headings, tables and divisions become paragraphs", () => {
    const html = "<h2>Titre</h2><table><tr><td>a</td><td>b</td></tr></table><div>Bonjour<br>à tous</div>";
    expect(cleanHtml(html)).toBe("<p>Titre</p><p>a — b</p><div>Bonjour<br>à tous</div>");
  });

  test("weight and slant given by style become bold and italics; a bold that is not bold goes", () => {
    const html =
      "<b style='font-weight:normal'><span style='font-weight:700'>a</span> <span style=\"font-style: italic\">b</span> c style=d</b>";
    expect(cleanHtml(html)).toBe("<span><strong>a</strong></span> <span><em>b</em></span> c style=d");
  });

  test("scripts, pictures and unsafe links bring nothing", () => {
    const { content } = pasted(
      '<p>a<script>x()</script><img src=x onerror=y()><a href="javascript:z()">b</a><a href="https://ok.fr">c</a></p>',
    );
    expect(content.firstChild?.textContent).toBe("abc");
    const links = content.firstChild?.children.flatMap((node) => node.marks.map((mark) => mark.attrs["href"]));
    expect(links).toEqual(["https://ok.fr"]);
  });
});

describe("as clauses", () => {
  test("paragraphs become clauses of the kind that their first word announces", () => {
    const slice = pasted("<p>Vu la loi ;</p><p>Considérant le réseau ;</p><p>Demande :</p><ul><li>un</li></ul>");
    expect(clauses(asClauses(slice, "visa", none))).toEqual([
      "visa: Vu la loi ;",
      "considerant: Considérant le réseau ;",
      "demande: Demande :un",
    ]);
  });

  test("one paragraph is pasted as words", () => {
    const slice = pasted("<p>quelques mots</p>");
    expect(asClauses(slice, "visa", none)).toBe(slice);
  });

  test("a cut clause keeps its id, a copied one gets another", () => {
    const { content } = motion("visa|aaaaaaaaa1|un", "visa|aaaaaaaaa2|deux");
    const slice = new Slice(content.cut(content.firstChild?.nodeSize ?? 0), 0, 0);
    const ids = asClauses(slice, "visa", new Set(["aaaaaaaaa2"])).content.content.map((node) =>
      String(node.attrs["id"]),
    );
    expect(ids[0]).toBe("aaaaaaaaa1");
    expect(ids[1]).toMatch(/^(?!aaaaaaaaa2)[a-z0-9]{10}$/);
  });
});

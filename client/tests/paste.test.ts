import { DOMParser as Reader, Slice } from "prosemirror-model";
import { describe, expect, test } from "vitest";

import { asClauses, cleanHtml, unwrapped } from "../editor/paste";
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
      "<p>Demande :</p><ul><li>un</li><li>deux</li></ul>",
    );
  });

  test("Word: numbered paragraphs become a numbered list", () => {
    expect(cleanHtml("<p style='mso-list:l0 level1'>1. un</p>")).toBe("<ol><li>un</li></ol>");
  });

  test("Word: levels of a list are lists within items, and the next list begins anew", () => {
    const item = (level: number, marker: string, words: string): string =>
      `<p class=MsoListParagraphCxSpMiddle style='text-indent:-18.0pt;mso-list:l1 level${level} lfo2'><![if !supportLists]><span lang=FR style='font-family:Symbol'><span style='mso-list:Ignore'>${marker}<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp; </span></span></span><![endif]><span lang=FR>${words}<o:p></o:p></span></p>`;
    const html = `${item(1, "·", "un")}${item(2, "o", "un un")}${item(1, "·", "deux")}<p class=MsoNormal>puis</p>${item(1, "·", "trois")}`;
    const { content } = pasted(html);
    expect(content.content.map((node) => node.type.name)).toEqual(["bullet_list", "paragraph", "bullet_list"]);
    expect(content.firstChild?.childCount).toBe(2);
    expect(content.firstChild?.firstChild?.lastChild?.type.name).toBe("bullet_list");
    expect(content.firstChild?.textContent).toBe("unun undeux");
  });

  test("Word and LibreOffice: calls of footnotes go, the notes become explanatory notes", () => {
    const word = `<p class=MsoNormal>Demande la fibre<a style='mso-footnote-id:ftn1' href="#_ftn1" name="_ftnref1"><span class=MsoFootnoteReference>[1]</span></a> ;</p>
      <div style='mso-element:footnote-list'><div style='mso-element:footnote' id=ftn1><p class=MsoFootnoteText><a href="#_ftnref1"><span>[1]</span></a> Jusqu’au logement.</p></div></div>`;
    const office = `<p class="western">Demande la fibre<a class="sdfootnoteanc" name="sdfootnote1anc" href="#sdfootnote1sym"><sup>1</sup></a> ;</p><div id="sdfootnote1"><p class="sdfootnote"><a class="sdfootnotesym" href="#sdfootnote1anc">1</a> Jusqu’au logement.</p></div>`;
    for (const html of [word, office])
      expect(clauses(asClauses(pasted(html), "visa", none)).map((line) => line.replace(/\s+/g, " "))).toEqual([
        "demande: Demande la fibre ;",
        "note: Jusqu’au logement.",
      ]);
  });

  test("mail: what others wrote stays as words, what the program added goes", () => {
    const html = `<div dir="ltr">Bonjour,<div><br></div><div>Je propose <b>ceci</b>.</div><div class="gmail_signature">Ana, maire</div></div>
      <div class="gmail_quote"><div class="gmail_attr">Le lun. 2 mars 2026 à 10:00, Bo &lt;bo@exemple.fr&gt; a écrit :<br></div><blockquote class="gmail_quote"><p>Vu la loi ;</p></blockquote></div>`;
    const words = clauses(asClauses(pasted(html), "demande", none)).map((line) => line.trim());
    expect(words).toEqual(["demande: Bonjour,", "demande: Je propose ceci.", "visa: Vu la loi ;"]);
  });

  test("plain text of a mail: signs of quotation go, and lines cut by a program are whole again", () => {
    const text = [
      "> Considérant que la fibre s’arrête au bourg et que les hameaux",
      "> attendent depuis dix ans ;",
      ">> Demande la fibre.",
      "Court",
      "aussi",
    ].join("\r\n");
    expect(unwrapped(text).split("\n")).toEqual([
      "Considérant que la fibre s’arrête au bourg et que les hameaux attendent depuis dix ans ;",
      "Demande la fibre.",
      "Court",
      "aussi",
    ]);
  });

  test("LibreOffice and mail: headings are headings, tables and divisions become paragraphs", () => {
    const html = "<h2>Titre</h2><table><tr><td>a</td><td>b</td></tr></table><div>Bonjour<br>à tous</div>";
    expect(cleanHtml(html)).toBe(
      '<section data-kind="intertitre"><p>Titre</p></section><p>a — b</p><p>Bonjour<br>à tous</p>',
    );
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

  test("a heading alone is pasted as words", () => {
    const slice = asClauses(pasted("<h2>Les réseaux</h2>"), "visa", none);
    expect([slice.openStart, slice.content.firstChild?.type.name, slice.content.firstChild?.textContent]).toEqual([
      1,
      "paragraph",
      "Les réseaux",
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

import { DOMParser as Reader, DOMSerializer, Slice, type Node } from "prosemirror-model";
import { describe, expect, test } from "vitest";

import { asClauses, asContent, asHtml, isOurs, withOwnIds, type Place } from "../editor/paste";
import { schema } from "../editor/schema";
import { clipboardText } from "../pasting/field";
import { readHtml } from "../pasting/html";
import { asText } from "../pasting/plain";
import type { Block } from "../pasting/structure";
import { readText } from "../pasting/text";
import { motion } from "./motion";

const EMPTY: Place = { kind: "visa", isEmpty: true };
const WRITTEN: Place = { kind: "considerant", isEmpty: false };

function html(content: Slice["content"]): string {
  const holder = document.createElement("div");
  holder.append(DOMSerializer.fromSchema(schema).serializeFragment(content));
  return holder.innerHTML.replaceAll("<p>", "").replaceAll("</p>", "¶").replaceAll("¶</", "</");
}

/** The clauses as "kind: content", or what goes into the clause of the cursor. */
function pasted(blocks: readonly Block[], place: Place = EMPTY): string[] {
  const { content } = asClauses(blocks, place);
  return content.content.map((node) =>
    node.type === schema.nodes.clause ? `${node.attrs["kind"]}: ${html(node.content).replace(/¶$/, "")}` : html(content),
  );
}

const fromHtml = (said: string, place?: Place): string[] => pasted(readHtml(said), place);
const fromText = (said: string, place?: Place): string[] => pasted(readText(said), place);

/** A paragraph of Word in a list, with the marker as Word hides it from programs that know lists. */
const wordItem = (marker: string, words: string, level = 1, conditions = ["<![if !supportLists]>", "<![endif]>"]): string =>
  `<p class=MsoListParagraphCxSpMiddle style='text-indent:-18.0pt;mso-list:l3 level${level} lfo2'>${conditions[0]}<span lang=FR style='font-family:Symbol'><span style='mso-list:Ignore'>${marker}<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp; </span></span></span>${conditions[1]}<span lang=FR>${words}<o:p></o:p></span></p>`;

describe("headings", () => {
  test("stand beside the clauses that follow, and gather none of them", () => {
    expect(fromHtml("<h3>Accès</h3><p>Vu le décret ;</p><p>Rappelant le délai ;</p><p>Exige une antenne.</p>")).toEqual([
      "intertitre: Accès",
      "visa: Vu le décret ;",
      "considerant: Rappelant le délai ;",
      "demande: Exige une antenne.",
    ]);
  });

  test("of Word's own styles, and between paragraphs", () => {
    const said = "<p class=MsoTitle>Santé</p><p>Vu a ;</p><div role=heading>Suite</div><p>Le Congrès demande b.</p>";
    expect(fromHtml(said)).toEqual(["intertitre: Santé", "visa: Vu a ;", "intertitre: Suite", "demande: Le Congrès demande b."]);
  });

  test("alone are words", () => {
    expect(fromHtml("<h2>Les réseaux</h2>", WRITTEN)).toEqual(["Les réseaux¶"]);
  });
});

describe("marks", () => {
  test.each([
    ["<b style='mso-bidi-font-weight:normal'>gras</b> non", "<strong>gras</strong> non"],
    ["<i style='mso-bidi-font-style:normal'>penché</i> non", "<em>penché</em> non"],
    ["<b style='font-weight:normal'>non <span style='font-weight:700'>gras</span></b>", "non <strong>gras</strong>"],
    ["<strong>a<span style='font-weight: 400'>b</span></strong>", "<strong>a</strong>b"],
    ['<span style="font-style: italic; color: red">penché</span>', "<em>penché</em>"],
    ["<style>.x1{font-weight:bold} span.x2 {font-style:italic}</style><span class=x1>a</span><span class=x2>b</span>", "<strong>a</strong><em>b</em>"],
    ["a<script>x()</script><img src=x onerror=y()><a href='javascript:z()'>b</a>", "ab"],
    ["m<sup>2</sup> et CO<sub>2</sub>, 1<sup>er</sup>", "m² et CO₂, 1er"],
  ])("%s", (said, expected) => {
    expect(fromHtml(`<p>${said}</p>`, WRITTEN)).toEqual([`${expected}¶`]);
  });

  test("links to the web stay", () => {
    expect(fromHtml("<p><a href='https://exemple.fr/b'>ici</a> <a href='file:///c'>là</a></p>", WRITTEN)[0]).toBe(
      '<a href="https://exemple.fr/b" rel="noopener noreferrer">ici</a> là¶',
    );
  });
});

describe("what was deleted or hidden", () => {
  test.each([
    "<del cite='mailto:x' datetime='2027-03-01T10:00'>mort</del>",
    "<s>mort</s>",
    "<strike>mort</strike>",
    "<span class=msoDel>mort</span>",
    "<span style='color:red;text-decoration:underline line-through'>mort</span>",
    "<span style='text-decoration-line: line-through'>mort</span>",
    "<style>.x66 {text-decoration:line-through}</style><b class=x66>mort</b>",
    "<span style='display:none'>mort</span>",
    "<span style='mso-hide:all'>mort</span>",
    "m̶o̶r̶t̶",
    "<span style='mso-element:comment'>mort</span>",
  ])("goes: %s", (said) => {
    expect(fromHtml(`<p>Demande un ${said}<ins>guichet</ins>.</p>`)).toEqual(["demande: Demande un guichet."]);
    expect(asText(readHtml(`<p>Demande un ${said}guichet.</p>`))).toBe("Demande un guichet.");
  });

  test("takes its paragraph along", () => {
    expect(fromHtml("<p>Vu a ;</p><p><del>Vu b ;</del></p><ul><li><s>c</s></li><li>d</li></ul>")).toEqual([
      "visa: Vu a ;¶<ul><li>d</li></ul>",
    ]);
  });

  test("stays away in a field where the plain text of the clipboard has it", () => {
    const data = { getData: (kind: string) => (kind === "text/html" ? "<p><del>mort</del></p>" : "mort") };
    expect(clipboardText(data)).toBe("");
  });
});

describe("lists", () => {
  const numbers = `${wordItem("4.", "quatre")}${wordItem("5.", "cinq")}`;

  test("Word: numbers stay numbers, from the first on", () => {
    expect(fromHtml(numbers, WRITTEN)).toEqual(['<ol start="4"><li>quatre</li><li>cinq</li></ol>']);
    expect(asText(readHtml(numbers))).toBe("4. quatre\n5. cinq");
  });

  test("Word: conditions may be comments, levels are lists within items, and the next list begins anew", () => {
    const comments = ["<!--[if !supportLists]-->", "<!--[endif]-->"];
    const said = `${wordItem("1.", "un", 1, comments)}${wordItem("a)", "un a", 2, comments)}${wordItem("o", "creux", 3, comments)}${wordItem("2.", "deux", 1, comments)}<p class=MsoNormal>puis</p>${wordItem("·", "trois")}`;
    expect(html(asContent(readHtml(said)).content)).toBe(
      "<ol><li>un¶<ol><li>un a¶<ul><li>creux</li></ul></li></ol></li><li>deux</li></ol>puis¶<ul><li>trois</li></ul>",
    );
  });

  test("Word: a marker of words stays as words", () => {
    expect(fromHtml(`${wordItem("Article 1", "un")}${wordItem("Article 2", "deux")}`)).toEqual([
      "visa: Article 1 un",
      "visa: Article 2 deux",
    ]);
  });

  test("Word and Outlook: without a marker an item is one, as its letters say", () => {
    expect(fromHtml("<p style='mso-list:l0 level1'>3. trois</p><p style='mso-list:l0 level1'>4. quatre</p>", WRITTEN)).toEqual([
      '<ol start="3"><li>trois</li><li>quatre</li></ol>',
    ]);
  });

  test("HTML: starts, values and lists right within lists", () => {
    const said = "<ol start=7><li>sept</li><ol type=a><li>a</li><li>b</li></ol><li value=9>neuf<p>encore</p></li></ol>";
    expect(fromHtml(said, WRITTEN)).toEqual(['<ol start="7"><li>sept¶<ol><li>a</li><li>b</li></ol></li><li>neuf¶encore</li></ol>']);
    expect(asText(readHtml(said))).toBe("7. sept\n   a) a\n   b) b\n9. neuf\n   encore");
  });

  test.each([
    ["<ul><li>a</li><li>b</li></ul>", "Il faut :", "", "\n- a\n- b"],
    ["<ul><li>a</li><li>b</li></ul>", "Il faut : ", " Et vite.", "\n- a\n- b\n\n"],
    ["<ol start=4><li>d</li></ol>", "Puis", "\nEnsuite", "\n\n4. d"],
    ["<table><tr><td>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></table>", "Voir :", "Fin", "\na | b\nc | d\n\n"],
    ["<ul><li>a</li></ul>", "Il faut :\n", "\n", "- a"],
    ["<p>mot</p><ul><li>a</li></ul>", "Un ", " autre", "mot\n\n- a\n\n"],
    ["<p>mot</p>", "Un ", " autre", "mot"],
  ])("in a field, begin and end on lines of their own: %s", (said, before, after, expected) => {
    const data = { getData: (kind: string) => (kind === "text/html" ? said : "") };
    expect(clipboardText(data, before, after)).toBe(expected);
  });

  test("in a field, a list in the clipboard's plain text begins on a line of its own", () => {
    const data = { getData: (kind: string) => (kind === "text/html" ? "" : "- a\n- b") };
    expect(clipboardText(data, "Il faut :")).toBe("\n- a\n- b");
  });

  test("stay with the paragraph before them, unless they are clauses", () => {
    expect(fromHtml("<p>Demande :</p><ul><li>Un</li></ul><p>Considérant b,</p><ol><li>Demande c ;</li></ol>")).toEqual([
      "demande: Demande :¶<ul><li>Un</li></ul>",
      "considerant: Considérant b,",
      "demande: <ol><li>Demande c ;</li></ol>",
    ]);
    expect(fromHtml("<ul><li>Vu a ;</li><li>Considérant b ;</li></ul>")).toEqual(["visa: Vu a ;", "considerant: Considérant b ;"]);
  });

  test.each([
    ["Invite l’État :\n• à un ;\n• à deux.", "<ul><li>à un ;</li><li>à deux.</li></ul>"],
    ["Invite l’État :\n- à un ;\n– à deux.", "<ul><li>à un ;¶<ul><li>à deux.</li></ul></li></ul>"],
    ["Invite l’État :\n2. un ;\n3. deux.", '<ol start="2"><li>un ;</li><li>deux.</li></ol>'],
    ["Invite l’État :\n1) un ;\n  a) petit ;\n2) deux.", "<ol><li>un ;¶<ol><li>petit ;</li></ol></li><li>deux.</li></ol>"],
    ["Invite l’État :\n\uf0b7\tun ;\n\uf0b7\tdeux.", "<ul><li>un ;</li><li>deux.</li></ul>"],
    ["Invite l’État :\n•\nun ;\n•\ndeux.", "<ul><li>un ;</li><li>deux.</li></ul>"],
  ])("typed: %j", (said, list) => {
    expect(fromText(said)).toEqual([`demande: Invite l’État :¶${list}`]);
    const lines = said.split("\n").map((line) => `<div>${line}</div>`);
    if (!/•$/m.test(said)) expect(fromHtml(lines.join(""))).toEqual([`demande: Invite l’État :¶${list}`]);
  });

  test("typed with line breaks within one paragraph", () => {
    expect(fromHtml("<p>Demande :<br>• un ;<br>• deux.</p>")).toEqual(["demande: Demande :¶<ul><li>un ;</li><li>deux.</li></ul>"]);
  });
});

describe("tables", () => {
  const table =
    "<table><tr><th>Lieu</th><th>Habitants</th><th>Prix</th></tr><tr><td>Aÿ</td><td></td><td>4 €</td></tr><tr><td></td><td>12</td><td> </td></tr></table>";

  test("a row is a line, its cells stay apart, an empty one as well", () => {
    expect(fromHtml(table, WRITTEN)).toEqual(["Lieu | Habitants | Prix<br>Aÿ | | 4 €<br>| 12 |¶"]);
    expect(asText(readHtml(table))).toBe("Lieu | Habitants | Prix\nAÿ | | 4 €\n| 12 |");
  });

  test("belongs to the clause before it; marks stay in its cells", () => {
    const said = `<p>Vu le tableau :</p><table><tr><td><p><b>a</b></p><p>b</p></td><td>c</td></tr></table><p>Demande d.</p>`;
    expect(fromHtml(said)).toEqual(["visa: Vu le tableau :¶<strong>a</strong> / b | c", "demande: Demande d."]);
  });

  test("of one column, or one that lays out a page, is no table", () => {
    const words = "<p>Vu a ;</p><p>Demande b.</p>";
    const right = ["visa: Vu a ;", "demande: Demande b."];
    expect(fromHtml(`<table><tr><td>${words}</td></tr></table>`)).toEqual(right);
    expect(fromHtml(`<table role=presentation><tr><td>&nbsp;</td><td>${words}</td></tr></table>`)).toEqual(right);
    expect(fromHtml(`<table><tr><td> </td><td><table><tr><td>${words}</td></tr></table></td></tr></table>`)).toEqual(right);
  });

  test("cells that span others keep the columns; hidden ones go", () => {
    const said =
      "<table><tr><td colspan=2>a</td><td>b</td></tr><tr><td rowspan=2>c</td><td>d</td><td>e</td></tr><tr><td>f</td><td style='display:none'>x</td><td>g</td></tr></table>";
    expect(asText(readHtml(said))).toBe("a | | b\nc | d | e\n| f | g");
  });

  test("of a spreadsheet as plain text", () => {
    expect(asText(readText("Lieu\tPrix\nAÿ\t4 €\nEu\t\n"))).toBe("Lieu | Prix\nAÿ | 4 €\nEu |");
  });
});

describe("mail", () => {
  const answer = "<div>Demande un guichet.</div><div><br></div>";
  const header = "<p><b>De&nbsp;:</b> Ana &lt;a@exemple.fr&gt;<br><b>Envoyé&nbsp;:</b> lundi 1 mars<br><b>Objet&nbsp;:</b> Motion</p>";

  test.each([
    `<div class="gmail_quote"><div class="gmail_attr">Le lun. 2 mars, Bo a écrit :</div><blockquote><p>Vu rien ;</p></blockquote></div>`,
    `<div>Le 2 mars 2026 à 10:00, Bo &lt;b@exemple.fr&gt; a écrit&nbsp;:</div><blockquote type="cite"><p>Vu rien ;</p></blockquote>`,
    `<div><div style="border-top:solid 1pt">${header}</div></div><p>Vu rien ;</p>`,
    `<hr><div id="divRplyFwdMsg"><b>From:</b> Bo<br><b>Sent:</b> Monday<br><b>To:</b> Ana<br><b>Subject:</b> x</div><div>Vu rien ;</div>`,
    `<div>-----Message d’origine-----</div><div>De : Bo</div><div>Envoyé : lundi</div><div>À : Ana</div><div>Objet : x</div><div>Vu rien ;</div>`,
  ])("what it answers goes: %s", (quoted) => {
    expect(fromHtml(answer + quoted)).toEqual(["demande: Demande un guichet."]);
  });

  test.each([
    "Demande un guichet.\n\nLe 3 mars 2027 à 10:12, Bo <b@exemple.fr> a écrit :\n> Vu rien ;\n> > Vu moins.",
    "Demande un guichet.\n> Vu rien ;",
    "Demande un guichet.\n\n-----Original Message-----\nFrom: Bo\nSent: Monday\nTo: Ana\nSubject: x\n\nVu rien ;",
  ])("the same in plain text: %j", (said) => {
    expect(fromText(said)).toEqual(["demande: Demande un guichet."]);
  });

  test("a message that was passed on is what was meant", () => {
    expect(fromHtml(`${header}<p>Vu a ;</p><p>Demande b.</p>`)).toEqual(["visa: Vu a ;", "demande: Demande b."]);
    expect(fromHtml(`<blockquote type=cite><p>Vu a ;</p><p>Demande b.</p></blockquote>`)).toHaveLength(2);
    expect(fromText("> Vu a ;\n>> Demande b.")).toEqual(["visa: Vu a ;", "demande: Demande b."]);
  });

  test("a quotation that is no mail stays", () => {
    expect(fromHtml("<p>Vu a ;</p><blockquote><p>Demande b.</p></blockquote>")).toHaveLength(2);
  });
});

describe("notes of word processors", () => {
  test("their calls go, the notes become explanatory notes", () => {
    const word = `<p class=MsoNormal>Demande la fibre<a href="#_ftn1" name="_ftnref1"><span class=MsoFootnoteReference>[1]</span></a> ;</p>
      <div style='mso-element:footnote-list'><div id=ftn1><p class=MsoFootnoteText><a href="#_ftnref1"><span>[1]</span></a> Jusqu’au logement.</p></div></div>`;
    const office = `<p class="western">Demande la fibre<sup><a class="sdfootnoteanc" href="#sdfootnote1sym"><sup>1</sup></a></sup> ;</p><div id="sdfootnote1"><p class="sdfootnote"><a class="sdfootnotesym" href="#sdfootnote1anc">1</a> Jusqu’au logement.</p></div>`;
    for (const said of [word, office]) expect(fromHtml(said)).toEqual(["demande: Demande la fibre ;", "note: Jusqu’au logement."]);
  });
});

describe("spaces and marks that nobody sees", () => {
  test.each(["<p>&nbsp;</p>", "<p><o:p>&nbsp;</o:p></p>", "<p>\u200b</p>", "<p><br></p>", "<p> \ufeff </p>", "<div>\u00ad</div>"])(
    "a paragraph of nothing is none: %j",
    (blank) => {
      expect(fromHtml(`<p>Vu a ;</p>${blank}<p>Demande b.</p>`)).toEqual(["visa: Vu a ;", "demande: Demande b."]);
    },
  );

  test.each([
    ["a &nbsp; b", "a b"],
    ["10\u00a0000 € et « mot » ;", "10\u00a0000 € et « mot » ;"],
    ["prix&nbsp; : 3", "prix\u00a0: 3"],
    ["10\u2009000 et a\u2003b", "10\u202f000 et a b"],
    ["dé\u00adma\u200bté\u2060rialiser\ufeff", "dématérialiser"],
    ["e\u0301te\u0301", "été"],
    ["\u202dbon\u202c", "bon"],
  ])("%j", (said, expected) => {
    expect(asText(readHtml(`<p>${said}</p>`))).toBe(expected);
    expect(asText(readText(said.replaceAll("&nbsp;", "\u00a0")))).toBe(expected);
  });
});

describe("lines of plain text", () => {
  test("that a program cut are whole again, and so are their words", () => {
    const said = [
      "Considérant que la dématérialisation des démarches adminis-",
      "tratives éloigne une partie des habitants, et que peut-",
      "être trois communes sur quatre, du Haut-",
      "Jura au littoral, n’ont plus un seul guichet dans leur",
      "ressort ;",
      "Demande un guichet.",
    ].join("\r\n");
    expect(fromText(said)).toEqual([
      "considerant: Considérant que la dématérialisation des démarches administratives éloigne une partie des habitants, et que peut-être trois communes sur quatre, du Haut-Jura au littoral, n’ont plus un seul guichet dans leur ressort ;",
      "demande: Demande un guichet.",
    ]);
  });

  test("that a person ended stay; quoted ones lose their signs", () => {
    const said = "> Considérant que la fibre s’arrête au bourg et que les hameaux\n> attendent depuis dix ans ;\nCourt\naussi";
    expect(asText(readText(said))).toBe(
      "Considérant que la fibre s’arrête au bourg et que les hameaux attendent depuis dix ans ;\nCourt\naussi",
    );
  });

  test("go on over the pages of a PDF", () => {
    const said = "Demande que chaque commune garde un accueil ouvert tous les jours et\n3\n\f\nsans rendez-vous préalable.";
    expect(fromText(said)).toEqual([
      "demande: Demande que chaque commune garde un accueil ouvert tous les jours et sans rendez-vous préalable.",
    ]);
    const viewer = `<div><span role=presentation>Demande que chaque commune garde un accueil ouvert tous les jours et gra-</span><br role=presentation><span>tuit.</span></div>`;
    expect(fromHtml(viewer)).toEqual([
      "demande: Demande que chaque commune garde un accueil ouvert tous les jours et gratuit.",
    ]);
  });

  test("stay as they are where a person asks for it", () => {
    expect(readText("a\nb\n\nc", true)).toHaveLength(3);
  });
});

describe("in a field of plain text", () => {
  test("paragraphs, lists and emphasis as the field offers them", () => {
    const said =
      "<h2>Titre</h2><p>Un <b>mot </b>ou <i>deux</i>.</p><ul><li>a<ul><li>b</li></ul></li><li>c</li></ul><p>Voir <a href='https://exemple.fr/x'>ici</a>, <a href='https://exemple.fr'>exemple.fr</a>.</p>";
    expect(asText(readHtml(said))).toBe(
      "Titre\n\nUn **mot** ou *deux*.\n\n- a\n  - b\n- c\n\nVoir ici (https://exemple.fr/x), exemple.fr.",
    );
  });

  test("signs that would not be read as emphasis are not written", () => {
    expect(asText(readHtml("<p>l<b>’eau</b> 2<b>*3</b></p>"))).toBe("l’eau 2*3");
  });

  test("what says nothing in HTML is read as text", () => {
    const data = { getData: (kind: string) => (kind === "text/html" ? "<meta charset=utf-8><img src=x>" : "mot") };
    expect(clipboardText(data)).toBe("mot");
  });
});

describe("clauses", () => {
  test("one paragraph goes into the clause of the cursor; its formula makes an empty clause what it says", () => {
    const slice = asClauses(readHtml("<p>quelques mots</p>"), EMPTY);
    expect([slice.openStart, slice.openEnd, slice.content.childCount]).toEqual([1, 1, 1]);
    expect(fromHtml("<p>Demande a.</p>", WRITTEN)).toEqual(["Demande a.¶"]);
    expect(fromHtml("<p>Demande a.</p>", EMPTY)).toEqual(["demande: Demande a."]);
  });

  test("a paragraph without a formula is of the kind of the one before, or of the clause around", () => {
    expect(fromHtml("<p>Bonjour.</p><p>Vu a ;</p><p>Le décret b ;</p>", WRITTEN)).toEqual([
      "considerant: Bonjour.",
      "visa: Vu a ;",
      "visa: Le décret b ;",
    ]);
  });

  test("as HTML they are read as they were", () => {
    const slice = asClauses(readHtml("<h2>Titre</h2><p>Vu <b>a</b> ;</p><ol start=3><li>b</li></ol>"), EMPTY);
    const holder = document.createElement("div");
    holder.innerHTML = asHtml(slice);
    expect(isOurs(holder.innerHTML)).toBe(true);
    const read = Reader.fromSchema(schema).parseSlice(holder, { preserveWhitespace: true });
    expect(read.content.eq(slice.content)).toBe(true);
  });

  test("another editor's HTML is not ours", () => {
    expect(isOurs('<p data-pm-slice="1 1 []">a</p>')).toBe(false);
    expect(isOurs('<p data-pm-slice="1 1 [&quot;clause&quot;,{}]">a</p>')).toBe(true);
  });

  test("a cut clause keeps its id, a copied one gets another", () => {
    const { content } = motion("visa|aaaaaaaaa1|un", "visa|aaaaaaaaa2|deux");
    const slice = new Slice(content.cut(content.firstChild?.nodeSize ?? 0), 0, 0);
    const ids = withOwnIds(slice, new Set(["aaaaaaaaa2"])).content.content.map((node: Node) => String(node.attrs["id"]));
    expect(ids[0]).toBe("aaaaaaaaa1");
    expect(ids[1]).toMatch(/^(?!aaaaaaaaa2)[a-z0-9]{10}$/);
  });
});

test("whatever HTML comes, reading ends and leaves no mark that nobody sees", () => {
  const deep = `${"<div>".repeat(450)}a${"</div>".repeat(450)}`;
  const wide = `<table>${"<tr><td colspan=1000 rowspan=65534>a<td>b".repeat(5)}</table>`;
  for (const said of [deep, wide, "<p", "<![if !supportLists]>", "<li>a", "<td>a<td>b", "<ol start=x><li value=y>a", ""])
    expect(asText(readHtml(said))).not.toMatch(/[\u200b\ufeff<>]/);
});

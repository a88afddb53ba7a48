import type { Mark, Node } from "prosemirror-model";

import { schema } from "../editor/schema";
import { linesOf, PLAIN, runsOf, type Block, type ListItem, type Run } from "./structure";

const { paragraph, bullet_list: bulletList, ordered_list: orderedList, list_item: listItem, hard_break: hardBreak } = schema.nodes;

/** The pasted blocks as paragraphs and lists of the editor; the rows of a table become lines of one paragraph. */
export function nodesOf(blocks: readonly Block[]): Node[] {
  const nodes: Node[] = [];
  for (let at = 0; at < blocks.length; ) {
    const kind = blocks[at]?.kind;
    let end = at + 1;
    while (end < blocks.length && blocks[end]?.kind === kind && goesOn(blocks[end])) end += 1;
    nodes.push(...alike(blocks.slice(at, end)));
    at = end;
  }
  return nodes;
}

/** Whether a block continues the group before it: any item, and the rows of one table. */
const goesOn = (block: Block | undefined): boolean => block?.kind === "item" || (block?.kind === "row" && block.tight);

function alike(blocks: Block[]): Node[] {
  if (blocks[0]?.kind === "item") return listsOf(blocks as ListItem[]);
  const lines = blocks.flatMap((block, index): Run[] => [...(index ? [{ ...PLAIN, text: "\n" }] : []), ...runsOf(block)]);
  return [paragraph.create(null, inline(lines))];
}

/** Text with marks, and line breaks. */
function inline(runs: readonly Run[]): Node[] {
  return linesOf(runs).flatMap((line, index) => [...(index ? [hardBreak.create()] : []), ...line.map(lettersOf)]);
}

const lettersOf = (run: Run): Node => schema.text(run.text, marksOf(run));

function marksOf({ strong, em, href }: Run): Mark[] {
  const { link, em: emphasis, strong: bold } = schema.marks;
  return [...(href ? [link.create({ href })] : []), ...(em ? [emphasis.create()] : []), ...(strong ? [bold.create()] : [])];
}

interface Entry {
  head: ListItem;
  blocks: Node[];
  below: ListItem[];
}

/** Items as nested lists; another kind of marker begins another list. */
function listsOf(items: readonly ListItem[]): Node[] {
  const lists: Entry[][] = [];
  for (const item of items) {
    const list = lists.at(-1);
    const entry = list?.at(-1);
    if (entry && item.level > entry.head.level) entry.below.push(item);
    else if (entry && item.more) closed(entry).push(asParagraph(item));
    else if (list && list[0]?.head.ordered === item.ordered) list.push(entryOf(item));
    else lists.push([entryOf(item)]);
  }
  return lists.map(listOf);
}

const entryOf = (head: ListItem): Entry => ({ head, blocks: [asParagraph(head)], below: [] });
const asParagraph = (item: ListItem): Node => paragraph.create(null, inline(item.runs));

/** The blocks of an item, with its nested lists. */
function closed(entry: Entry): Node[] {
  if (entry.below.length) entry.blocks.push(...listsOf(entry.below));
  entry.below = [];
  return entry.blocks;
}

function listOf(entries: Entry[]): Node {
  const content = entries.map((entry) => listItem.create(null, closed(entry)));
  const { ordered = false, number = 1 } = entries[0]?.head ?? {};
  return ordered ? orderedList.create({ start: number === 1 ? null : number }, content) : bulletList.create(null, content);
}

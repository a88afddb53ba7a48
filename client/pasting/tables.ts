import { joined, PLAIN, runsOf, textOf, type Block, type Row, type Run } from "./structure";

/** Number of paragraphs in one cell that shows a table is used for layout. */
const LAID_OUT = 4;
/** Largest accepted span of a cell; a larger one is a mistake or an attack. */
const WIDEST = 200;

interface Cell {
  runs: Run[];
  columns: number;
  rows: number;
}

/**
 * The rows of a table with all cells, empty ones too; null for a table with one column or used for layout, whose
 * paragraphs are read normally.
 */
export function rowsOf(
  table: HTMLTableElement,
  read: (cell: Element) => Block[],
  isHidden: (element: Element) => boolean,
): Row[] | null {
  const rows = [...table.rows].filter((row) => !isHidden(row));
  const cells = rows.map((row) => [...row.cells].filter((cell) => !isHidden(cell)));
  if (cells.every((row) => row.length < 2) || table.querySelector("table")) return null;
  const contents = cells.map((row) => row.map((cell) => ({ cell, blocks: read(cell) })));
  if (table.getAttribute("role") === "presentation" || contents.flat().some(({ blocks }) => blocks.length >= LAID_OUT))
    return null;
  return grid(contents.map((row) => row.map(({ cell, blocks }) => cellOf(cell, blocks)))).map(rowOf);
}

const cellOf = (cell: HTMLTableCellElement, blocks: Block[]): Cell => ({
  runs: blocks.flatMap((block, index) => [...(index ? [{ ...PLAIN, text: " / " }] : []), ...onOneLine(runsOf(block))]),
  columns: Math.min(cell.colSpan, WIDEST),
  rows: Math.min(cell.rowSpan || 1, WIDEST),
});

const onOneLine = (runs: Run[]): Run[] => runs.map((run) => ({ ...run, text: run.text.replace(/\n/g, " ") }));

/** Resolves spans: the content is in the first cell, the others are empty. */
function grid(rows: Cell[][]): Run[][][] {
  const taken: number[] = [];
  const cells = rows.map((row) => {
    const line: Run[][] = [];
    const skip = (): void => {
      while ((taken[line.length] ?? 0) > 0) {
        taken[line.length] = (taken[line.length] ?? 0) - 1;
        line.push([]);
      }
    };
    for (const { runs, columns, rows: height } of row) {
      skip();
      for (let column = 0; column < columns; column += 1) {
        taken[line.length] = height - 1;
        line.push(column ? [] : runs);
      }
    }
    skip();
    return line;
  });
  return even(cells.filter((row) => row.some(isFilled)));
}

const isFilled = (cell: Run[]): boolean => textOf(cell).trim() !== "";

/** Gives each row the same number of cells, without trailing columns that are empty. */
function even(rows: Run[][][]): Run[][][] {
  const width = Math.max(0, ...rows.map((row) => row.map(isFilled).lastIndexOf(true) + 1));
  return rows.map((row) => Array.from({ length: width }, (_, column) => row[column] ?? []));
}

const rowOf = (cells: Run[][], index: number): Row => ({ kind: "row", tight: index > 0, cells: cells.map(joined) });

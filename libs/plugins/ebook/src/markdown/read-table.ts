import type { Element, Nodes, Parents } from 'hast';
import type { Alignment, Block, Inline } from '../document/model.ts';

const MAX_COLUMNS = 64;
const MAX_ROWS = 10_000;

interface Cell {
  element: Element | null;
  content: Inline[];
}

/**
 * A table as rows of equal length; null when it has no cell. The model has no spans: what spans several cells stands in the
 * first one and leaves the others empty, so that everything after it keeps its column.
 */
export function readTable(element: Element, read: (cell: Element) => Inline[]): Block | null {
  const rows = grid(rowsOf(element), read);
  const width = Math.max(0, ...rows.map((row) => row.length));
  const [first = [], ...rest] = rows;
  if (width === 0) return null;
  const fill = (row: Cell[]) =>
    Array.from({ length: width }, (_, index): Inline[] => row[index]?.content ?? []);
  const headed =
    first.length > 0 && first.every(({ element }) => element === null || element.tagName === 'th');
  return {
    type: 'table',
    align: Array.from({ length: width }, (_, index) => alignment(first[index]?.element ?? null)),
    // A table that has no header row is still read aloud with one: empty cells.
    header: fill(headed ? first : []),
    rows: (headed ? rest : rows).map(fill),
  };
}

function grid(rows: Element[], read: (cell: Element) => Inline[]): Cell[][] {
  const out: Cell[][] = [];
  /** By column: how many rows a cell from above still covers. */
  const covered: number[] = [];
  for (const row of rows) {
    const cells: Cell[] = [];
    const skipCovered = () => {
      while ((covered[cells.length] ?? 0) > 0) {
        covered[cells.length] = (covered[cells.length] ?? 1) - 1;
        cells.push({ element: null, content: [] });
      }
    };
    for (const element of elements(row)) {
      skipCovered();
      if (cells.length >= MAX_COLUMNS) break;
      const down = span(element.properties['rowSpan'], MAX_ROWS) - 1;
      const across = Math.min(span(element.properties['colSpan'], MAX_COLUMNS), MAX_COLUMNS - cells.length);
      for (let index = 0; index < across; index++) {
        covered[cells.length] = down;
        cells.push(index === 0 ? { element, content: read(element) } : { element: null, content: [] });
      }
    }
    skipCovered();
    out.push(cells);
  }
  return out;
}

function span(value: unknown, most: number): number {
  const number = Number(value ?? 1);
  return Number.isInteger(number) ? Math.min(most, Math.max(1, number)) : 1;
}

function rowsOf(table: Element): Element[] {
  return elements(table).flatMap((child) => {
    if (child.tagName === 'tr') return [child];
    return ['thead', 'tbody', 'tfoot'].includes(child.tagName)
      ? elements(child).filter((row) => row.tagName === 'tr')
      : [];
  });
}

function alignment(cell: Element | null): Alignment {
  const align = cell?.properties['align'];
  return align === 'left' || align === 'center' || align === 'right' ? align : null;
}

/** The elements among the children. */
export function elements(parent: Parents): Element[] {
  return (parent.children as Nodes[]).filter((child): child is Element => child.type === 'element');
}

import { LEGEND, type ReachTable } from '../../reach/table.ts';
import { wrap } from './fit-text.ts';
import { type Block, label, labelWidth, moved, type Shape } from './shapes.ts';
import { TEXT_LOOKS } from './text-looks.ts';

const WIDTH = 880;
const MARGIN = 20;
const PAD = 16;
const CELL = { width: 52, height: 24, gap: 4 };
/** The most room for who asks. */
const ASKER = 400;
const LINE = 17;
/** From the left of a line to its text, past the letter or number. */
const INDENT = 30;

/** A table of who reaches what as a picture: a row for each asker, and below it what the letters and numbers stand for. */
export function drawReach(title: string, table: ReachTable): Block {
  const grid = drawGrid(table);
  const width = Math.max(WIDTH, grid.width + 2 * (MARGIN + PAD));
  const inner = width - 2 * MARGIN;
  const asked = table.columns.map(({ letter, text }) => ({ mark: letter, text }));
  const notes = table.notes.map(({ text, at }, index) => ({ mark: `${index + 1}`, text: `${text} (${at})` }));
  const words = drawLines([...asked, ...notes], inner - 2 * PAD);
  const top = 72;
  const height = top + PAD + grid.height + 10 + words.height + PAD;
  return {
    width,
    height: height + MARGIN,
    shapes: [
      box('paper', { x: 1, y: 1, width: width - 2, height: height + MARGIN - 2, radius: 12 }),
      label('title', title, { x: MARGIN, y: 36, width: inner }),
      label('fact', LEGEND, { x: MARGIN, y: 56, width: inner }),
      box('panel', { x: MARGIN, y: top, width: inner, height: height - top, radius: 12 }),
      ...moved(grid.shapes, { x: MARGIN + PAD, y: top + PAD }),
      ...moved(words.shapes, { x: MARGIN + PAD, y: top + PAD + grid.height + 10 }),
    ],
  };
}

function drawGrid({ columns, rows }: ReachTable): Block {
  const widest = Math.max(0, ...rows.map(({ asker }) => labelWidth('name', { text: asker })));
  const room = Math.min(widest + PAD, ASKER);
  const lines = [
    columns.map(({ letter }) => cell('letter', letter)),
    ...rows.map(({ outcomes }) => outcomes.map(({ is, text }) => cell(is, text))),
  ];
  const step = CELL.height + CELL.gap;
  const askers = rows.map(({ asker }, row): Shape =>
    label('name', asker, { x: 0, y: (row + 1) * step + 16, width: room - PAD }),
  );
  const boxes = lines.flatMap((line, row) =>
    line.flatMap((shapes, column) =>
      moved(shapes, { x: room + column * (CELL.width + CELL.gap), y: row * step }),
    ),
  );
  const width = room + columns.length * (CELL.width + CELL.gap);
  return { width, height: lines.length * step, shapes: [...askers, ...boxes] };
}

function cell(look: string, text: string): Shape[] {
  return [
    box(look, { x: 0, y: 0, width: CELL.width, height: CELL.height, radius: 5 }),
    label(
      'chip',
      { text, tone: look },
      { x: CELL.width / 2, y: 16, width: CELL.width - 8, anchor: 'middle' },
    ),
  ];
}

/** What letters and numbers stand for, each in as many lines as it takes. */
function drawLines(said: readonly { readonly mark: string; readonly text: string }[], width: number): Block {
  const shapes: Shape[] = [];
  let y = 0;
  for (const { mark, text } of said) {
    const lines = wrap(text, TEXT_LOOKS.note, { width: width - INDENT, lines: 4 });
    shapes.push(label('chip', mark, { x: 0, y: y + 13, width: INDENT }));
    shapes.push(
      ...lines.map((line, index) =>
        label('note', line, { x: INDENT, y: y + 13 + index * LINE, width: width - INDENT }),
      ),
    );
    y += lines.length * LINE;
  }
  return { width, height: y, shapes };
}

function box(look: string, place: Omit<Extract<Shape, { kind: 'box' }>, 'kind' | 'look'>): Shape {
  return { kind: 'box', look, ...place };
}

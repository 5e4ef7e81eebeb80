import { mkdirSync, writeFileSync } from 'node:fs';
import { compare, isWrong, type Outcome } from './comparison.ts';
import { shrink } from './shrink.ts';
import { CASES } from './subjects.ts';
import type { Result } from './try-all.ts';

/** Shrinks a model of which `reach` is wrong, keeps it as a case, which is then tried always, and says what is wrong. */
export async function keepCase({ subject, outcomes }: Result): Promise<string> {
  const [first] = outcomes.filter(isWrong);
  if (first === undefined) return '';
  const text = await shrink(subject.text, (smaller) => isStillWrong(smaller, first));
  const file = `${CASES}/${subject.name.replaceAll(/[^\w.]+/g, '-')}.yaml`;
  mkdirSync(CASES, { recursive: true });
  writeFileSync(file, `# ${describe(first)}\n${text}`);
  return `${subject.name}${subject.mistake === undefined ? '' : `, ${subject.mistake}`}, kept as ${file}:\n${outcomes.filter(isWrong).map(describe).join('\n')}\n\n${text}`;
}

/** Whether the same connection comes out the same way in a smaller model. */
async function isStillWrong(text: string, { by, attempt, result }: Outcome): Promise<boolean> {
  try {
    const outcomes = await compare(text, { only: [{ by, attempt }] });
    return outcomes.some((one) => isWrong(one) && (one.result === 'no') === (result === 'no'));
  } catch {
    return false;
  }
}

function describe({ by, attempt, result, why, found }: Outcome): string {
  const { protocol, port = '', to } = attempt;
  return `${by} ${protocol} ${port} to ${to}: predicted ${result} (${why}), found ${found}`;
}

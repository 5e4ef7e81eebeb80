import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compare, isWrong, type Outcome } from './comparison.ts';
import { shrink } from './shrink.ts';
import { CASES } from './subjects.ts';
import type { Result } from './try-all.ts';

/** What `reach` is wrong about; a random model is shrunk and kept as a case, which is then always tried. */
export async function keepCase({ subject, outcomes }: Result): Promise<string> {
  const wrong = outcomes.filter(isWrong);
  const [first] = wrong;
  if (first === undefined) return '';
  const { name, mistake = 'no mistake' } = subject;
  const said = `${name} (${mistake}):\n${wrong.map(describe).join('\n')}`;
  if (!subject.isRandom) return said;
  const text = await shrink(subject.text, (smaller) => isStillWrong(smaller, first));
  const file = join(CASES, `${name.replaceAll(/\W+/g, '-')}.yaml`);
  writeFileSync(file, `# ${describe(first)}\n${text}`);
  return `${said}\n\nkept as ${file}:\n${text}`;
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

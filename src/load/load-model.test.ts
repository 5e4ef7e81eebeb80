import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EnvironmentError } from '../environment-error.ts';
import { LIMITS } from './limits.ts';
import { loadModel } from './load-model.ts';

const folder = mkdtempSync(join(tmpdir(), 'load-'));

function fileWith(content: string): string {
  const file = join(folder, 'cluster.yaml');
  writeFileSync(file, content);
  return file;
}

describe('a model file', () => {
  it('is read with its text and data', () => {
    const file = fileWith('name: home\r\n');
    const { text, document, diagnostics } = loadModel(file);
    expect({ text, data: document?.data, diagnostics }).toEqual({
      text: 'name: home\r\n',
      data: Object.assign(Object.create(null), { name: 'home' }),
      diagnostics: [],
    });
  });

  it('that is as large as one may be is read', () => {
    const text = `name: home\n${'#'.repeat(LIMITS.bytes - 12)}\n`;
    expect(loadModel(fileWith(text)).diagnostics).toEqual([]);
  });

  it('that is larger is not', () => {
    const { document, diagnostics } = loadModel(fileWith(`name: home\n${'#'.repeat(LIMITS.bytes - 11)}\n`));
    expect(document).toBeUndefined();
    expect(diagnostics).toMatchObject([
      { rule: 'yaml-limit', message: 'the model has more than 4 MiB, which is all that is read' },
    ]);
  });

  it.each([
    [join(folder, 'nowhere.yaml'), 'does not exist; -m takes another model file'],
    [folder, 'is a directory; -m takes a model file'],
    ['/proc/self/mem', 'cannot be read (EIO)'],
  ])('that cannot be read is a matter of the environment: %s', (file, reason) => {
    expect(() => loadModel(file)).toThrow(new EnvironmentError(`${file} ${reason}`));
  });
});

import { expect, it } from 'vitest';
import { z } from 'zod';
import { attemptVersionId, keysOfEarlierVersions } from './attempt-version.js';

const TASK = { taskId: '01a21f42-a82b-7757-a70f-3ce9ad810471' };

it('gives each attempt at a training a version id of its own, always the same', () => {
  const ids = [1, 2, 3].map((attempt) => attemptVersionId({ ...TASK, attempt }));
  expect(new Set(ids).size).toBe(3);
  for (const id of ids) expect(z.uuid().safeParse(id).success).toBe(true);
  expect(attemptVersionId({ ...TASK, attempt: 2 })).toBe(ids[1]);
});

it('names what earlier attempts may have left, and nothing of the present one', () => {
  expect(keysOfEarlierVersions({ ...TASK, attempt: 1 })).toEqual([]);
  const keys = keysOfEarlierVersions({ ...TASK, attempt: 3 });
  const folders = new Set(keys.map((key) => key.split('/')[1]));
  expect([...folders]).toEqual([1, 2].map((attempt) => attemptVersionId({ ...TASK, attempt })));
});

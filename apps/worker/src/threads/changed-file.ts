import { TaskError } from '../tasks/task-error.js';

/** A URL that was signed for the upload may still be good: what it brings then is not believed. */
export const changedFile = (filename: string): TaskError =>
  new TaskError(
    'usage',
    'file_changed',
    `${filename} is not the file that was validated: its SHA-256 is another. Upload it again.`,
  );

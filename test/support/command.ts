/** The `lightfold` command in this process, with a folder of its own. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { vi } from 'vitest';

export interface TestCommand {
  readonly folder: string;
  /** What the last call wrote. */
  out: string;
  err: string;
  /** Answers the exit code. */
  run(...words: string[]): Promise<number>;
  close(): Promise<void>;
}

/** @param main of the command, which writes to this process's outputs */
export async function aCommand(
  main: (words: readonly string[]) => Promise<void>,
): Promise<TestCommand> {
  const folder = await mkdtemp(join(tmpdir(), 'lightfold-cli-'));
  const command: TestCommand = {
    folder,
    out: '',
    err: '',
    async run(...words) {
      [command.out, command.err] = ['', ''];
      process.exitCode = undefined;
      await main(words);
      return Number(process.exitCode ?? 0);
    },
    async close() {
      vi.restoreAllMocks();
      process.exitCode = undefined;
      await rm(folder, { recursive: true });
    },
  };
  const { stdout, stderr } = process;
  vi.spyOn(stdout, 'write').mockImplementation((text) => ((command.out += String(text)), true));
  vi.spyOn(stderr, 'write').mockImplementation((text) => ((command.err += String(text)), true));
  return command;
}

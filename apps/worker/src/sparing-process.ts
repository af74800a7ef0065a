/**
 * What V8 and the C library take of the system for the whole process. Both are told at the start of a
 * process or not at all, so the process starts itself again in its place: the same id, the same
 * standard streams, 20 ms later. Measured in docs/adr/0020-the-memory-of-a-worker.md.
 */

/** In MiB; else the main thread's young generation grows to 64 while it has little to do. */
const SEMI_SPACE_MIB = 4;

/** glibc's (mallopt(3)); other libraries ignore them. What an operator has set stays. */
const MALLOC = {
  /** Pools; else up to eight for each core, and each keeps what it had at its worst. */
  MALLOC_ARENA_MAX: '2',
  /** Larger arrays go back to the system when they are collected; else the limit grows to 32 MiB. */
  MALLOC_MMAP_THRESHOLD_: String(64 * 1024),
  MALLOC_TRIM_THRESHOLD_: String(128 * 1024),
};

const YOUNG = '--max-semi-space-size';
/** For garbage.ts. */
const COLLECTING = '--expose-gc';

/** To be called before anything else. Does nothing where the process is as it should be. */
export function spareMemory(): void {
  const { env, execArgv, execPath, argv } = process;
  const words = [...execArgv, ...(env.NODE_OPTIONS ?? '').split(' ')];
  const isTold = words.some((word) => word.startsWith(YOUNG));
  const isCollecting = globalThis.gc !== undefined;
  const isSpared = Object.keys(MALLOC).every((name) => env[name] !== undefined);
  if (isTold && isCollecting && isSpared) return;
  // Not on Windows.
  if (!process.execve) return;
  const flags = [
    ...(isTold ? [] : [`${YOUNG}=${SEMI_SPACE_MIB}`]),
    ...(isCollecting ? [] : [COLLECTING]),
  ];
  process.execve(execPath, [execPath, ...flags, ...execArgv, ...argv.slice(1)], {
    ...MALLOC,
    ...env,
  });
}

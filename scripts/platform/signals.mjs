/** Ctrl-C and its like, as an AbortSignal: the first one asks to stop, the rest are patience. */
export function stopRequested() {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(name, () => controller.abort(new StopRequested(name)));
  }
  return controller.signal;
}

export class StopRequested extends Error {
  constructor(signalName) {
    super(`Stopped by ${signalName}.`);
  }
}

export const untilStopRequested = (signal) =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });

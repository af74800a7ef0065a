import { SingleBar } from 'cli-progress';

export interface Bar {
  /** `fraction` from 0 to 1. */
  update(fraction: number, message: string): void;
  /** Prints something without tearing the bar. */
  above(work: () => void): void;
  end(): void;
}

/** A bar on a terminal; a line a stage where stderr is a file or a pipe. */
export function bar(title: string): Bar {
  return process.stderr.isTTY ? terminalBar(title) : plainLines(title);
}

function terminalBar(title: string): Bar {
  const single = new SingleBar({
    format: `${title} {bar} {percentage} %  {message}`,
    stream: process.stderr,
    hideCursor: true,
    clearOnComplete: true,
    // The work runs on this very thread: the bar is drawn when it is told, not by a timer.
    noTTYOutput: false,
    forceRedraw: true,
    barsize: 30,
  });
  single.start(1, 0, { message: '' });
  const draw = () => {
    single.render();
  };
  return {
    update(fraction, message) {
      single.update(Math.min(fraction, 1), { message });
      draw();
    },
    above(work) {
      process.stderr.write('\r\x1b[K');
      work();
      draw();
    },
    end: () => single.stop(),
  };
}

function plainLines(title: string): Bar {
  let last = '';
  return {
    update(_, message) {
      if (message === last) return;
      last = message;
      process.stderr.write(`${title}: ${message}\n`);
    },
    above: (work) => work(),
    end: () => undefined,
  };
}

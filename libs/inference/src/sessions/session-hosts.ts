/**
 * Where ONNX graphs run. A thread serves: it costs least. A process of its own runs what nobody knows
 * yet: it can be killed in the middle, and takes nothing with it.
 *
 * A thread that is inside of ONNX Runtime must not be terminated: its binding throws through the end of
 * the thread, and the whole process aborts ("terminate called after throwing an instance of
 * 'Napi::Error'"; onnxruntime-node 1.30).
 */
import { fork } from 'node:child_process';
import { Worker } from 'node:worker_threads';
import type { SessionReply, SessionRequest } from './session-protocol.js';

export interface SessionHost {
  post(request: SessionRequest, transfer: ArrayBuffer[]): void;
  ref(): void;
  /** From now on it keeps no process alive. */
  unref(): void;
  /** Resolves when it is gone. A thread ends what it has begun, a process does not. */
  end(): Promise<void>;
}

export interface HostListener {
  reply(reply: SessionReply): void;
  /** It ended, by itself or because it was told to. */
  gone(): void;
}

export type OpenHost = (listener: HostListener) => SessionHost;

// As built, or as written where tests run the sources.
const ENTRY = new URL(
  import.meta.url.endsWith('.ts') ? './session-entry.ts' : './session-entry.js',
  import.meta.url,
);

export const inThread: OpenHost = ({ reply, gone }) => {
  const thread = new Worker(ENTRY);
  const ended = Promise.withResolvers<void>();
  thread.on('message', reply);
  thread.on('error', () => undefined); // its exit tells
  thread.once('exit', () => {
    gone();
    ended.resolve();
  });
  return {
    post: (request, transfer) => thread.postMessage(request, transfer),
    ref: () => thread.ref(),
    unref: () => thread.unref(),
    end() {
      thread.ref();
      thread.postMessage(null);
      return ended.promise;
    },
  };
};

export const inProcess: OpenHost = ({ reply, gone }) => {
  // It gets no setting of ours: graphs are files of strangers.
  const child = fork(ENTRY, {
    env: {},
    execArgv: [],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const ended = Promise.withResolvers<void>();
  const over = () => {
    gone();
    ended.resolve();
  };
  child.on('message', (message) => reply(message as SessionReply));
  child.once('exit', over);
  child.on('error', over); // it could not even begin
  return {
    post: (request) => void child.send(request, () => undefined),
    ref() {
      child.ref();
      child.channel?.ref();
    },
    unref() {
      child.unref();
      child.channel?.unref();
    },
    end() {
      child.ref();
      child.kill('SIGKILL');
      return ended.promise;
    },
  };
};

import type { Services } from './services/index.mjs';

export interface App {
  readonly kind: 'api' | 'worker';
  readonly name: string;
  /** Of its HTTP routes; of its probes and metrics, where it is a worker. */
  readonly port: number;
  readonly url: string;
  readonly pid: number;
  readonly logFile: string;
  isRunning(): boolean;
  /** Resolves when /readiness says so. */
  ready(): Promise<void>;
  /** SIGTERM, then SIGKILL after its grace. */
  stop(graceSeconds?: number): Promise<{ code: number | null; signal: string | null }>;
  /** SIGKILL. */
  kill(): Promise<unknown>;
  /** Again after `stop` or `kill`, until it is ready. */
  start(): Promise<void>;
}

export interface Platform {
  readonly url: string;
  readonly services: Services;
  readonly dataDir: string;
  readonly env: Readonly<Record<string, string>>;
  readonly apis: readonly App[];
  readonly workers: readonly App[];
  addApi(settings?: Readonly<Record<string, string>>): Promise<App>;
  addWorker(settings?: Readonly<Record<string, string>>): Promise<App>;
  stop(options?: { keep?: boolean }): Promise<void>;
}

export function startPlatform(options?: {
  /** null: a temporary folder that `stop` removes. @default null */
  dataDir?: string | null;
  /** Of the first api. @default any free one */
  port?: number;
  /** @default '127.0.0.1' */
  host?: string;
  /** @default 1 */
  apis?: number;
  /** @default 1 */
  workers?: number;
  /** Apps that die are started again. @default false */
  supervised?: boolean;
  /** @default true */
  durable?: boolean;
  /** Ignores DATABASE_URL and its like: for tests that break servers. @default false */
  ownServersOnly?: boolean;
  /** Further settings of the apps. */
  env?: Record<string, string>;
  say?: (sentence: string) => void;
  signal?: AbortSignal;
}): Promise<Platform>;

export interface Server {
  /** The settings that lead an app to it. */
  readonly env: Readonly<Record<string, string>>;
  readonly url: string;
  /** null where it is not ours. */
  readonly pid: number | null;
  stop(): Promise<unknown>;
  /** Without warning, as a power cut would. */
  kill(): Promise<unknown>;
  /** Again after `stop` or `kill`: same port, same data. */
  start(): Promise<void>;
  restart(): Promise<void>;
}

export interface Redis extends Server {
  /** Empties it. */
  flush(): Promise<unknown>;
}

export interface Services {
  readonly postgres: Server;
  readonly rabbitmq: Server;
  readonly redis: Redis;
  readonly objectStore: Server;
  readonly dataDir: string;
  readonly secrets: Readonly<Record<string, string>>;
  /** DATABASE_URL, BROKER_URL, REDIS_URL and S3_*. */
  readonly env: Readonly<Record<string, string>>;
  stop(options?: { keep?: boolean }): Promise<void>;
}

export function startServices(options: {
  /** null: a temporary folder that `stop` removes. */
  dataDir: string | null;
  say?: (sentence: string) => void;
  /** @default true */
  durable?: boolean;
  /** Ignores DATABASE_URL and its like: for tests that break servers. @default false */
  ownServersOnly?: boolean;
  host?: string;
}): Promise<Services>;

import { Injectable, type LoggerService } from '@nestjs/common';
import { type DestinationStream, type Level, pino, type Logger as Pino } from 'pino';
import { logContext } from './log-context.js';

export interface LoggerOptions {
  /** "api", "worker": which program speaks. */
  readonly app: string;
  readonly level: string;
  readonly format: 'json' | 'text';
  /** @default stdout */
  readonly destination?: DestinationStream;
}

type Fields = Readonly<Record<string, unknown>>;

/** One JSON object a line on stdout: facts are fields, the sentence is constant. */
@Injectable()
export class Logger {
  private readonly pino: Pino;

  constructor(options: LoggerOptions) {
    const destination = options.destination ?? process.stdout;
    this.pino = pino(
      {
        level: options.level,
        base: { app: options.app },
        timestamp: pino.stdTimeFunctions.isoTime,
        formatters: { level: (label) => ({ level: label }) },
        mixin: () => logContext() as Record<string, unknown>,
        serializers: { error: asFields },
      },
      options.format === 'text' ? asText(destination) : destination,
    );
  }

  debug(fields: Fields, sentence: string): void {
    this.pino.debug(fields, sentence);
  }

  info(fields: Fields, sentence: string): void {
    this.pino.info(fields, sentence);
  }

  warn(fields: Fields, sentence: string): void {
    this.pino.warn(fields, sentence);
  }

  error(fields: Fields, sentence: string): void {
    this.pino.error(fields, sentence);
  }

  /** For Nest's own messages; its start-up chatter is debug. */
  forNest(): LoggerService {
    const write =
      (level: Level) =>
      (message: unknown, ...rest: unknown[]) => {
        const context = rest.length > 0 ? rest[rest.length - 1] : undefined;
        this.pino[level]({ context }, String(message));
      };
    return {
      log: write('debug'),
      debug: write('debug'),
      verbose: write('trace'),
      warn: write('warn'),
      error: write('error'),
      fatal: write('fatal'),
    };
  }
}

/** An error without what the redis client adds: a refused AUTH would show the password. */
function asFields(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  return { ...pino.stdSerializers.err(error), command: undefined };
}

/** `12:00:00 info  api  Sentence  key=value ...` */
function asText(destination: DestinationStream): DestinationStream {
  return {
    write(line: string) {
      const { time, level, app, msg, ...fields } = JSON.parse(line) as Record<string, unknown>;
      const facts = Object.entries(fields).map(([key, value]) => `${key}=${JSON.stringify(value)}`);
      const head = `${String(time).slice(11, 19)} ${String(level).padEnd(5)} ${String(app)}`;
      destination.write(`${head}  ${String(msg)}  ${facts.join(' ')}\n`);
    },
  };
}

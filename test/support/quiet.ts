import { Logger } from '#platform/telemetry';

/** Says nothing. */
export const quiet = new Logger({ app: 'test', level: 'silent', format: 'json' });

export { addToLogContext, logContext, type LogContext, withLogContext } from './log-context.js';
export { Logger, type LoggerOptions } from './logger.js';
export { TelemetryModule } from './telemetry.module.js';

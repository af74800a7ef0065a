import { describe, expect, it } from 'vitest';
import { fittersOf } from './fitters.js';
import { SettingsError } from './parse-settings.js';
import { SAMPLE_SECRET } from './setting-list.js';
import { describeSettings, readSettings } from './settings.js';

const NEEDED = {
  DATABASE_URL: 'postgresql://user:word@db.example:5432/lightfold',
  BROKER_URL: 'amqp://user:word@broker.example:5672//',
  REDIS_URL: 'redis://redis.example:6379/0',
  S3_ENDPOINT: 'http://store.example:9000',
  S3_ACCESS_KEY: 'key',
  S3_SECRET_KEY: 'secret',
};

const faultsOf = (environment: Record<string, string>): string => {
  try {
    readSettings(environment);
  } catch (error) {
    if (error instanceof SettingsError) return error.message;
    throw error;
  }
  return '';
};

describe('settings', () => {
  it('A.9, A.28 listen on port 8000 of every address unless told otherwise', () => {
    expect(readSettings(NEEDED)).toMatchObject({ HOST: '0.0.0.0', PORT: 8000 });
    expect(readSettings({ ...NEEDED, PORT: '9001', HOST: '127.0.0.1' })).toMatchObject({
      HOST: '127.0.0.1',
      PORT: 9001,
    });
  });

  it.each([
    ['*', ['*']],
    ['http://a.example', ['http://a.example']],
    ['http://a.example, http://b.example', ['http://a.example', 'http://b.example']],
    ['["http://a.example","http://b.example"]', ['http://a.example', 'http://b.example']],
    ['', []],
  ])('A.30, D.15 read CORS_ORIGINS=%s', (text, origins) => {
    expect(readSettings({ ...NEEDED, CORS_ORIGINS: text }).CORS_ORIGINS).toEqual(origins);
  });

  it('A.30 refuse a JSON list of origins that is none', () => {
    expect(faultsOf({ ...NEEDED, CORS_ORIGINS: '["http://a.example"' })).toContain('CORS_ORIGINS');
  });

  it('A.31 take the level in any case, and DEBUG for the lowest', () => {
    expect(readSettings({ ...NEEDED, LOG_LEVEL: 'WARNING' }).LOG_LEVEL).toBe('warn');
    expect(readSettings({ ...NEEDED, LOG_LEVEL: 'INFO', DEBUG: 'true' }).LOG_LEVEL).toBe('debug');
    expect(readSettings({ ...NEEDED, LOG_FORMAT: 'text' }).LOG_FORMAT).toBe('text');
  });

  it('C.17, C.18, A.29, C.19 need the database, the broker, Redis and the store, each by its name', () => {
    const message = faultsOf({});
    for (const name of Object.keys(NEEDED)) expect(message).toContain(`${name} is not set`);
  });

  it('list all faults together, and no value of a secret', () => {
    const message = faultsOf({ ...NEEDED, DATABASE_URL: 'mysql://u:hidden@x/y', PORT: '70000' });
    expect(message).toContain('DATABASE_URL is not a postgresql:// URL');
    expect(message).toContain('PORT');
    expect(message).not.toContain('hidden');
  });

  it('C.20 refuse to start in production with the sample secret or with open CORS', () => {
    const message = faultsOf({ ...NEEDED, NODE_ENV: 'production', CORS_ORIGINS: '*' });
    expect(message).toContain('JWT_SECRET_KEY is the sample secret');
    expect(message).toContain('CORS_ORIGINS must not be "*" in production');
    const own = { ...NEEDED, NODE_ENV: 'production', JWT_SECRET_KEY: 'x'.repeat(32) };
    expect(faultsOf(own)).toBe('');
    expect(faultsOf({ ...own, JWT_SECRET_KEY: SAMPLE_SECRET })).toContain('JWT_SECRET_KEY');
  });

  it('C.20 refuse a short secret', () => {
    expect(faultsOf({ ...NEEDED, JWT_SECRET_KEY: 'short' })).toContain(
      'JWT_SECRET_KEY has fewer than 32 characters',
    );
  });

  it('C.21 set how many tasks a worker does at once and which queues it consumes', () => {
    const settings = readSettings({
      ...NEEDED,
      WORKER_CONCURRENCY: '4',
      WORKER_QUEUES: 'detection',
    });
    expect(settings).toMatchObject({ WORKER_CONCURRENCY: 4, WORKER_QUEUES: ['detection'] });
    expect(faultsOf({ ...NEEDED, WORKER_QUEUES: 'detection,cooking' })).toContain('WORKER_QUEUES');
  });

  it('A.34 refuse a heartbeat that could lose its own lease', () => {
    const message = faultsOf({ ...NEEDED, HEARTBEAT_SECONDS: '20', LEASE_SECONDS: '30' });
    expect(message).toContain('HEARTBEAT_SECONDS must be at most a third of LEASE_SECONDS');
  });

  it('B.22, B.23, B.27 choose who fits transits, and with whom it is compared', () => {
    const chosen = (given: Record<string, string>) =>
      fittersOf(
        readSettings({ ...NEEDED, TRANSIT_FITTER_URL: 'http://fits.example/fit', ...given }),
      );
    expect(chosen({})).toMatchObject({ first: 'local', second: undefined });
    expect(chosen({ TRANSIT_FITTER: 'mock' }).first).toBe('mock');
    expect(chosen({ USE_LOCAL_MODULUS: 'false' }).first).toBe('remote');
    expect(chosen({ USE_LOCAL_MODULUS: 'true' }).first).toBe('local');
    expect(chosen({ TRANSIT_FITTER_COMPARE: 'remote' })).toMatchObject({
      first: 'local',
      second: 'remote',
    });
    expect(chosen({ TRANSIT_FITTER_COMPARE: 'local' }).second).toBeUndefined();
  });

  it('B.22 refuse a remote fitter without its address, and one that is none', () => {
    for (const name of ['TRANSIT_FITTER', 'TRANSIT_FITTER_COMPARE']) {
      expect(faultsOf({ ...NEEDED, [name]: 'remote' })).toContain('TRANSIT_FITTER_URL must name');
    }
    expect(faultsOf({ ...NEEDED, TRANSIT_FITTER: 'gpu' })).toContain('TRANSIT_FITTER');
    expect(faultsOf({ ...NEEDED, TRANSIT_FITTER_URL: 'ftp://x/y' })).toContain(
      'TRANSIT_FITTER_URL',
    );
  });

  it('take an empty value for none', () => {
    expect(readSettings({ ...NEEDED, PORT: '' }).PORT).toBe(8000);
  });

  it('describe every one of them, and give no default of a secret away', () => {
    const all = describeSettings();
    for (const { name, description } of all) expect(description, name).not.toBe('');
    const secrets = all.filter((setting) => setting.secret);
    expect(secrets.map((setting) => setting.name)).toContain('JWT_SECRET_KEY');
    for (const { defaultValue } of secrets) expect(defaultValue).toBeNull();
  });
});

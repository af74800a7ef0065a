import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isInstalled } from './dependencies.mjs';

describe('what is installed', () => {
  let folder: string;
  const lock = (file: string, packages: object) =>
    writeFileSync(join(folder, file), JSON.stringify({ packages }));
  const wanted = (packages: object) => lock('package-lock.json', packages);
  const found = (packages: object) => lock('node_modules/.package-lock.json', packages);
  const pg = { version: '8.0.0', integrity: 'sha512-pg' };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lock-'));
    mkdirSync(join(folder, 'node_modules'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is complete when the lock that npm writes last agrees with ours', () => {
    wanted({ '': { name: 'lightfold' }, 'node_modules/pg': pg });
    found({ 'node_modules/pg': pg });
    expect(isInstalled(folder)).toBe(true);
  });

  it('is not complete after an install that was interrupted', () => {
    wanted({ 'node_modules/pg': pg });
    expect(isInstalled(folder)).toBe(false);
  });

  it('is not complete when a package has another version or another content', () => {
    wanted({ 'node_modules/pg': pg });
    found({ 'node_modules/pg': { ...pg, version: '7.9.9' } });
    expect(isInstalled(folder)).toBe(false);
    found({ 'node_modules/pg': { ...pg, integrity: 'sha512-other' } });
    expect(isInstalled(folder)).toBe(false);
  });

  it('is not complete when a new package is missing', () => {
    wanted({ 'node_modules/pg': pg, 'node_modules/ws': { version: '8.0.0' } });
    found({ 'node_modules/pg': pg });
    expect(isInstalled(folder)).toBe(false);
  });

  it('is complete without the packages of other platforms', () => {
    wanted({ 'node_modules/pg': pg, 'node_modules/mac': { version: '1.0.0', optional: true } });
    found({ 'node_modules/pg': pg });
    expect(isInstalled(folder)).toBe(true);
  });

  it('says so where there is no checkout at all', () => {
    expect(() => isInstalled(folder)).toThrow('package-lock.json is missing');
  });
});

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Platform } from '../../scripts/platform.mjs';
import { collectComplaints, openBrowser } from '../support/browser.js';
import { lightfold, startTestPlatform, temporaryFolder } from '../support/platform.js';

const PLANET = { periodDays: 7.31, t0Days: 133.9, radiusRatio: 0.05 };
const PASSWORD = 'a long password of the tests';
const SEARCH_MS = 120_000;

let platform: Platform;
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let browser: Browser;
let page: Page;
let complaints: string[];
let screenshots: string;
let curves: string[];

/** For people to look at. */
const picture = (name: string) =>
  page.screenshot({ path: join(screenshots, `${name}.png`), fullPage: true });

const heading = (name: string | RegExp) => page.getByRole('heading', { name });
const button = (name: string | RegExp) => page.getByRole('button', { name });

/** Presses Tab until something has the focus; fails where it never does. */
async function tabTo(name: RegExp): Promise<void> {
  for (let presses = 0; presses < 40; presses += 1) {
    await page.keyboard.press('Tab');
    const focused = await page.evaluate(`(() => {
      const at = document.activeElement;
      return at.closest('label')?.textContent || at.getAttribute('aria-label') || at.textContent;
    })()`);
    if (name.test(String(focused))) return;
  }
  throw new Error(`${name} cannot be reached by the Tab key`);
}

beforeAll(async () => {
  folder = await temporaryFolder();
  screenshots = process.env.LIGHTFOLD_SCREENSHOTS ?? join(folder.path, 'screenshots');
  await mkdir(screenshots, { recursive: true });
  platform = await startTestPlatform({ TELEMETRY_UPDATE_INTERVAL: '0.1' });
  const { periodDays, t0Days, radiusRatio } = PLANET;
  curves = await lightfold(
    'simulate',
    join(folder.path, 'star.fits'),
    ...['--segments', '2', '--target', 'KIC 7', '--rotation', 'period=11,amplitude=1500'],
    ...['--planet', `period=${periodDays},t0=${t0Days},radius=${radiusRatio}`],
  );
  browser = await openBrowser();
  page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  page.setDefaultTimeout(20_000);
  complaints = await collectComplaints(page);
});

afterAll(async () => {
  await browser?.close();
  await platform?.stop();
  await folder?.remove();
});

describe('the web page, in a browser', () => {
  it('B.1 founds a team, by keyboard alone', async () => {
    await page.goto(platform.url);
    await heading(/Lightfold|Log in/)
      .first()
      .waitFor();
    await picture('1-login');
    await tabTo(/Found a new team/);
    await page.keyboard.press('Enter');
    await page.getByLabel('Team').focus();
    await page.keyboard.type('Observers');
    await page.keyboard.press('Tab');
    await page.keyboard.type('owner@example.org');
    await page.keyboard.press('Tab');
    await page.keyboard.type(PASSWORD);
    await picture('2-found-a-team');
    await page.keyboard.press('Enter');
    await heading('Data').waitFor();
    await picture('3-data-empty');
  });

  it('C.1, C.10 uploads light curves straight to the object store and shows what was read', async () => {
    const put = page.waitForRequest((request) => request.method() === 'PUT');
    await page.locator('input[type=file]').setInputFiles(curves);
    await page.getByLabel('Name').fill('A star that turns');
    await button('Upload and validate').click();
    expect(new URL((await put).url()).origin).not.toBe(platform.url);
    await heading('A star that turns').waitFor();
    await page.getByText('Every file can be searched.').waitFor({ timeout: 60_000 });
    for (const curve of curves) {
      expect(await heading(new RegExp(curve.split('/').at(-1)!)).count()).toBe(1);
    }
    expect(await page.getByText('Kepler', { exact: false }).count()).toBeGreaterThan(0);
    await picture('4-dataset');
  });

  it('A.3, B.30 searches, and its progress moves to 100 % by itself', async () => {
    await tabTo(/^Search$/);
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/jobs\//);
    const bar = page.getByRole('progressbar', { name: 'Progress' });
    await bar.waitFor();
    const seen = new Set<number>();
    const deadline = Date.now() + SEARCH_MS;
    while (!seen.has(100)) {
      expect(Date.now(), `progress seen: ${[...seen].join(' ')}`).toBeLessThan(deadline);
      seen.add(await bar.evaluate((element) => (element as { value?: number }).value ?? -1));
    }
    expect([...seen]).toEqual([...seen].toSorted((a, b) => a - b));
    expect(seen.size).toBeGreaterThan(2);
    await page.getByRole('link', { name: 'KIC 7 · 1' }).waitFor();
    expect(await page.getByRole('row', { name: /KIC 7 · 1/ }).textContent()).toContain('accept');
    await picture('5-job');
  });

  it('B.7 hands out the report', async () => {
    const download = page.waitForEvent('download');
    await button('Report (PDF)').click();
    expect((await download).suggestedFilename()).toMatch(/^lightfold-.*\.pdf$/);
  });

  it('B.18 shows a candidate with all its plots', async () => {
    await page.getByRole('link', { name: 'KIC 7 · 1' }).click();
    await heading(/KIC 7 · candidate 1/).waitFor();
    const images = page.locator('.plots img');
    await expect.poll(() => images.count()).toBe(5);
    for (const image of await images.all()) {
      await image.scrollIntoViewIfNeeded();
      await expect
        .poll(() =>
          image.evaluate((element) => (element as { naturalWidth?: number }).naturalWidth ?? -1),
        )
        .toBeGreaterThan(400);
    }
    const period = page.getByRole('row', { name: /^Period/ });
    expect(Number.parseFloat((await period.textContent())!.replace('Period', ''))).toBeCloseTo(
      PLANET.periodDays,
      2,
    );
    await heading('Similar candidates').waitFor();
    await page.getByText(/0\.\d{3} by transit-cnn@/).waitFor();
    await page.evaluate('scrollTo(0, 0)');
    await picture('6-candidate');
  });

  it('B.17 records what the team decides', async () => {
    await page.getByLabel('a planet').check();
    await page.getByLabel('Note').fill('Flat bottom, same depth every time.');
    await button('Record').click();
    await page.locator('.reviews').getByText('Flat bottom').waitFor();
    expect(await page.getByLabel('Note').inputValue()).toBe('');
    await picture('7-reviewed');
  });

  it('B.8 compares two searches', async () => {
    await page.getByRole('link', { name: 'Data' }).click();
    await page.getByRole('link', { name: 'A star that turns' }).click();
    await button('Search').click();
    await page.waitForURL(/\/jobs\//);
    await button('Report (PDF)').waitFor({ timeout: SEARCH_MS });
    await page.getByRole('link', { name: 'Jobs' }).click();
    const boxes = page.getByRole('checkbox', { name: /for comparison/ });
    await expect.poll(() => boxes.count()).toBe(2);
    for (const box of await boxes.all()) await box.check();
    await picture('8-jobs');
    await button('Compare the two chosen').click();
    await heading('Two jobs compared').waitFor();
    await page.getByRole('row', { name: /KIC 7/ }).first().waitFor();
    await picture('9-comparison');
  });

  it('B.18 draws what could have been found where nothing was', async () => {
    const quiet = ['--mission', 'TESS', '--cadence', '30', '--noise', '300', '--target', 'TIC 9'];
    const file = join(folder.path, 'quiet.fits');
    await page.getByRole('link', { name: 'Data' }).click();
    await page
      .locator('input[type=file]')
      .setInputFiles(await lightfold('simulate', file, ...quiet));
    await page.getByLabel('Name').fill('A quiet star');
    await button('Upload and validate').click();
    await page.getByText('Every file can be searched.').waitFor({ timeout: 60_000 });
    await button('Search').click();
    await page.getByText('No signal passed the threshold.').waitFor({ timeout: SEARCH_MS });
    const map = page.getByRole('img', { name: 'TIC 9: planets that could have been found' });
    await map.waitFor();
    expect(
      await page.getByText(/Half of all planets would have been found from [\d.]+/).count(),
    ).toBe(2);
    const counts = await map.locator('g text').allTextContents();
    expect(counts).toHaveLength(25);
    const found = counts.map((text) => text.split('/').map(Number));
    expect(found.every(([recovered, injected]) => injected >= 1 && recovered <= injected)).toBe(
      true,
    );
    const sum = (cells: number[][]) => cells.reduce((total, [recovered]) => total + recovered, 0);
    expect(sum(found.slice(20))).toBeGreaterThan(sum(found.slice(0, 5)));
    await picture('10-what-could-have-been-found');
  });

  it('A.12, A.20, B.17 shows the queue of reviews, the team and its policy, and the workers', async () => {
    await page.getByRole('link', { name: 'Candidates' }).click();
    await page.getByLabel('Decision').selectOption('accept');
    await page
      .getByRole('link', { name: /KIC 7 · 1/ })
      .first()
      .waitFor();
    await picture('10-candidates');

    await page.getByRole('link', { name: 'Team' }).click();
    await page.getByText('owner@example.org (owner)').first().waitFor();
    await page.getByText('The thresholds decide on candidates').waitFor();
    await page.getByText('No policy was learnt yet').waitFor();
    await page.getByLabel('Name').fill('nightly script');
    await button('Create a key').click();
    await page.getByText('Your key, shown this once').waitFor();
    await picture('11-team');

    await page.getByRole('link', { name: 'Workers' }).click();
    await page.getByText(/of \d+ places taken/).waitFor();
    await page.getByRole('row', { name: /detection/ }).waitFor();
    await picture('12-workers');
  });

  it('is still itself on a narrow screen', async () => {
    await page.setViewportSize({ width: 390, height: 800 });
    await page.getByRole('link', { name: 'Data' }).click();
    await heading('Data').waitFor();
    await picture('13-narrow');
    const widths = await page.evaluate<number[]>(
      '[document.documentElement.scrollWidth, innerWidth]',
    );
    expect(widths[0]).toBeLessThanOrEqual(widths[1]);
    await page.setViewportSize({ width: 1280, height: 900 });
  });

  it('C.13 forgets who was logged in', async () => {
    await button('Log out').click();
    await button('Log in').waitFor();
    expect(await page.evaluate('localStorage.length')).toBe(0);
    await page.goto(`${platform.url}/workers`);
    await button('Log in').waitFor();
    await picture('14-logged-out');
  });

  it('B.38 made the browser complain of nothing', () => {
    // A report that is asked for before it is drawn is asked for again.
    const isEarlyReport = (text: string) => /409 .*\/report\/|status of 409/.test(text);
    expect(complaints.filter((text) => !isEarlyReport(text))).toEqual([]);
  });
});

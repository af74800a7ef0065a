/**
 * Light curves from MAST, the Mikulski Archive for Space Telescopes.
 *
 * Two of its interfaces (https://mast.stsci.edu/api/v0/): `invoke`, which answers a JSON request
 * sent as a form field, and `Download/file`, which answers a product's bytes by its URI.
 */
import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as wait } from 'node:timers/promises';

export const MAST_URL = 'https://mast.stsci.edu';

/** Pages of an answer are asked for one by one; no target has more products than this. */
const PAGE_SIZE = 2000;
/** MAST answers EXECUTING while it works; it is asked again this often, and so many times. */
const POLL_SECONDS = 1;
const POLLS = 120;
/** Radius of a search around a named star: Kepler's and TESS's pixels are 4 and 21 arcsec wide. */
const CONE_RADIUS_DEGREES = 4 / 3600;

export class MastError extends Error {}

export interface LightCurveProduct {
  readonly filename: string;
  /** `mast:TESS/product/...` */
  readonly uri: string;
  readonly sizeBytes: number;
  readonly mission: string;
  readonly target: string;
  readonly exposureSeconds: number;
}

export type Mission = 'Kepler' | 'K2' | 'TESS';

/** A target as its catalogue numbers it, or a star's name that has to be resolved. */
export type Target =
  | { readonly kind: 'catalogue'; readonly mission: Mission; readonly archiveName: string }
  | { readonly kind: 'name'; readonly name: string };

/** "KIC 11442793", "TIC307210830", "EPIC 206103150"; everything else is a name. */
export function parseTarget(text: string): Target {
  const match = /^(KIC|EPIC|TIC)\s*0*(\d{1,10})$/i.exec(text.trim());
  if (!match) return { kind: 'name', name: text.trim() };
  const number = match[2];
  switch (match[1].toUpperCase()) {
    case 'KIC':
      return {
        kind: 'catalogue',
        mission: 'Kepler',
        archiveName: `kplr${number.padStart(9, '0')}`,
      };
    case 'EPIC':
      return { kind: 'catalogue', mission: 'K2', archiveName: `ktwo${number.padStart(9, '0')}` };
    default:
      return { kind: 'catalogue', mission: 'TESS', archiveName: number };
  }
}

interface Observation {
  readonly obsid: number | string;
  readonly obs_collection: string;
  readonly target_name: string;
  readonly t_exptime: number | null;
}

interface Product {
  readonly productFilename: string;
  readonly dataURI: string;
  readonly size: number | null;
  readonly obs_collection?: string;
  readonly obsID?: number | string;
}

export class Mast {
  constructor(private readonly baseUrl: string = MAST_URL) {}

  /**
   * The missions' own light curves of a target, oldest first.
   *
   * @throws {MastError} where the name is unknown or MAST does not answer as it should.
   */
  async lightCurves(
    targetText: string,
    missions: readonly Mission[],
  ): Promise<LightCurveProduct[]> {
    const observations = await this.observations(parseTarget(targetText), missions);
    if (observations.length === 0) return [];
    const products = await this.invoke<Product>('Mast.Caom.Products', {
      obsid: observations.map((observation) => String(observation.obsid)).join(','),
    });
    const byId = new Map(observations.map((each) => [String(each.obsid), each]));
    const seen = new Set<string>();
    return products
      .filter((product) => isLightCurve(product.productFilename))
      .filter((product) => !seen.has(product.dataURI) && seen.add(product.dataURI))
      .map((product) => {
        const observation = byId.get(String(product.obsID)) ?? observations[0];
        return {
          filename: product.productFilename,
          uri: product.dataURI,
          sizeBytes: product.size ?? 0,
          mission: observation.obs_collection,
          target: observation.target_name,
          exposureSeconds: observation.t_exptime ?? 0,
        };
      })
      .sort((a, b) => (a.filename < b.filename ? -1 : 1));
  }

  /**
   * Writes a product into `folder`; answers its path. A file that is there already, with the size
   * that MAST announces, is kept. A download that breaks off leaves nothing under the final name.
   *
   * @throws {MastError} where the bytes do not arrive whole.
   */
  async download(
    product: LightCurveProduct,
    folder: string,
    onBytes: (bytes: number) => void = () => undefined,
  ): Promise<string> {
    await mkdir(folder, { recursive: true });
    const path = join(folder, safeFilename(product.filename));
    const present = await stat(path).catch(() => null);
    if (present && present.size === product.sizeBytes) return path;

    const url = new URL('/api/v0.1/Download/file', this.baseUrl);
    url.searchParams.set('uri', product.uri);
    const response = await this.fetch(url, {});
    if (!response.body) throw new MastError(`MAST sent no bytes for ${product.filename}`);
    const partial = `${path}.part`;
    let received = 0;
    const counter = new Transform({
      transform(chunk: Buffer, _, done) {
        received += chunk.length;
        onBytes(chunk.length);
        done(null, chunk);
      },
    });
    try {
      await pipeline(Readable.fromWeb(response.body as never), counter, createWriteStream(partial));
      if (product.sizeBytes > 0 && received !== product.sizeBytes) {
        throw new MastError(
          `${product.filename} has ${product.sizeBytes} bytes at MAST, but ${received} arrived`,
        );
      }
      await rename(partial, path);
    } catch (error) {
      await rm(partial, { force: true });
      if (error instanceof MastError) throw error;
      throw new MastError(`The download of ${product.filename} broke off`, { cause: error });
    }
    return path;
  }

  private async observations(target: Target, missions: readonly Mission[]): Promise<Observation[]> {
    const timeSeriesOf = (mission: readonly string[]) => [
      { paramName: 'obs_collection', values: mission },
      { paramName: 'dataproduct_type', values: ['timeseries'] },
    ];
    const columns = 'obsid,obs_collection,target_name,t_exptime';
    if (target.kind === 'catalogue') {
      return this.invoke<Observation>('Mast.Caom.Filtered', {
        columns,
        filters: [
          ...timeSeriesOf([target.mission]),
          { paramName: 'target_name', values: [target.archiveName] },
        ],
      });
    }
    const [place] = await this.resolve(target.name);
    return this.invoke<Observation>('Mast.Caom.Filtered.Position', {
      columns,
      filters: timeSeriesOf(missions),
      position: `${place.ra}, ${place.decl}, ${CONE_RADIUS_DEGREES}`,
    });
  }

  private async resolve(name: string): Promise<{ ra: number; decl: number }[]> {
    const answer = (await this.post({
      service: 'Mast.Name.Lookup',
      params: { input: name, format: 'json' },
    })) as { resolvedCoordinate?: { ra: number; decl: number }[] };
    const places = answer.resolvedCoordinate ?? [];
    if (places.length === 0) {
      throw new MastError(
        `MAST knows no star called "${name}"; try its number: "KIC 11442793", "EPIC 206103150", "TIC 307210830"`,
      );
    }
    return places;
  }

  /** All pages of a service's answer. */
  private async invoke<Row>(service: string, params: object): Promise<Row[]> {
    const rows: Row[] = [];
    for (let page = 1; ; page++) {
      const answer = await this.finished<Row>({
        service,
        format: 'json',
        pagesize: PAGE_SIZE,
        page,
        params,
      });
      rows.push(...answer.data);
      if (page >= (answer.paging?.pagesFiltered ?? 1)) return rows;
    }
  }

  private async finished<Row>(request: object) {
    for (let poll = 0; poll < POLLS; poll++) {
      const answer = (await this.post(request)) as {
        status: string;
        msg?: string;
        data?: Row[];
        paging?: { pagesFiltered?: number };
      };
      if (answer.status === 'COMPLETE') return { data: answer.data ?? [], paging: answer.paging };
      if (answer.status !== 'EXECUTING') {
        throw new MastError(`MAST answered ${answer.status}: ${answer.msg ?? 'no reason given'}`);
      }
      await wait(POLL_SECONDS * 1000);
    }
    throw new MastError(`MAST was still working after ${POLLS * POLL_SECONDS} seconds`);
  }

  private async post(request: object): Promise<unknown> {
    const response = await this.fetch(new URL('/api/v0/invoke', this.baseUrl), {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
      body: new URLSearchParams({ request: JSON.stringify(request) }).toString(),
    });
    try {
      return await response.json();
    } catch (cause) {
      throw new MastError('MAST answered something that is not JSON', { cause });
    }
  }

  private async fetch(url: URL, init: RequestInit): Promise<Response> {
    const response = await fetch(url, init).catch((cause: unknown) => {
      throw new MastError(`${url.origin} cannot be reached`, { cause });
    });
    if (!response.ok) {
      throw new MastError(`${url.origin}${url.pathname} answered ${response.status}`);
    }
    return response;
  }
}

/** Kepler and K2 long and short cadence, TESS 2-minute and 20-second light curves. */
const isLightCurve = (filename: string) =>
  /_(llc|slc|lc|fast-lc|a_fast-lc)\.fits(\.gz)?$/.test(filename);

/** A server's word is not a path. */
function safeFilename(filename: string): string {
  if (!/^[\w.+-]+$/.test(filename) || filename.startsWith('.')) {
    throw new MastError(`MAST named a file "${filename}", which is not a plain file name`);
  }
  return filename;
}

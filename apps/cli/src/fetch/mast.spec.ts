import { createServer, type IncomingMessage, type Server } from 'node:http';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Mast, MastError, parseTarget } from './mast.js';

const FITS = Buffer.from('SIMPLE  =                    T'.padEnd(2880));

interface Invocation {
  service: string;
  page?: number;
  params: {
    input?: string;
    position?: string;
    obsid?: string;
    filters?: { paramName: string; values: string[] }[];
  };
}

/** A stand-in for MAST on loopback: the same two interfaces, one star. */
class Archive {
  readonly invocations: Invocation[] = [];
  readonly server: Server;
  executingFirst = 0;
  bytes = FITS;
  cutShort = false;
  filename = 'kplr011442793-2009350155506_llc.fits';

  constructor() {
    this.server = createServer((request, response) => {
      const url = new URL(request.url ?? '/', 'http://localhost');
      if (url.pathname === '/api/v0.1/Download/file') {
        if (this.cutShort) {
          response.writeHead(200, { 'content-length': String(this.bytes.length) });
          response.write(this.bytes.subarray(0, 1000), () => response.destroy());
        } else {
          response.end(this.bytes);
        }
        return;
      }
      void readBody(request).then((body) => {
        const invocation = JSON.parse(
          new URLSearchParams(body).get('request') ?? '{}',
        ) as Invocation;
        this.invocations.push(invocation);
        response.setHeader('content-type', 'application/json');
        response.end(JSON.stringify(this.answer(invocation)));
      });
    });
  }

  private answer(invocation: Invocation): object {
    if (this.executingFirst-- > 0) return { status: 'EXECUTING', data: [] };
    const paging = { pagesFiltered: 2 };
    switch (invocation.service) {
      case 'Mast.Name.Lookup':
        return invocation.params.input === 'Kepler-90'
          ? { resolvedCoordinate: [{ ra: 284.4335, decl: 49.3051 }], status: '' }
          : { resolvedCoordinate: [], status: '' };
      case 'Mast.Caom.Filtered':
      case 'Mast.Caom.Filtered.Position':
        return {
          status: 'COMPLETE',
          data: [
            {
              obsid: 7,
              obs_collection: 'Kepler',
              target_name: 'kplr011442793',
              t_exptime: 1800,
            },
          ],
        };
      case 'Mast.Caom.Products': {
        const product = (name: string) => ({
          obsID: '7',
          productFilename: name,
          dataURI: `mast:KEPLER/url/${name}`,
          size: this.bytes.length,
        });
        return invocation.page === 1
          ? {
              status: 'COMPLETE',
              paging,
              data: [product(this.filename), product('kplr011442793_q5_dvr.pdf')],
            }
          : {
              status: 'COMPLETE',
              paging,
              data: [product(this.filename), product('kplr011442793-2009131105131_llc.fits')],
            };
      }
      default:
        return { status: 'ERROR', msg: `unknown service ${invocation.service}` };
    }
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

describe('Mast', () => {
  let archive: Archive;
  let mast: Mast;
  let folder: string;

  beforeEach(async () => {
    archive = new Archive();
    await new Promise<void>((ready) => archive.server.listen(0, '127.0.0.1', ready));
    const { port } = archive.server.address() as AddressInfo;
    mast = new Mast(`http://127.0.0.1:${port}`);
    folder = await mkdtemp(join(tmpdir(), 'lightfold-fetch-'));
  });

  afterEach(async () => {
    archive.server.closeAllConnections();
    await new Promise((closed) => archive.server.close(closed));
    await rm(folder, { recursive: true });
  });

  const missions = ['Kepler', 'K2', 'TESS'] as const;

  it('reads catalogue numbers in the ways people write them', () => {
    expect(parseTarget('KIC 11442793')).toMatchObject({ archiveName: 'kplr011442793' });
    expect(parseTarget('kic011442793')).toMatchObject({ archiveName: 'kplr011442793' });
    expect(parseTarget('EPIC206103150')).toMatchObject({ mission: 'K2' });
    expect(parseTarget('TIC 307210830')).toMatchObject({ archiveName: '307210830' });
    expect(parseTarget('Kepler-90')).toEqual({ kind: 'name', name: 'Kepler-90' });
  });

  it('lists the light curves of a catalogue number once each, from all pages, oldest first', async () => {
    const products = await mast.lightCurves('KIC 11442793', missions);
    expect(products.map((product) => product.filename)).toEqual([
      'kplr011442793-2009131105131_llc.fits',
      'kplr011442793-2009350155506_llc.fits',
    ]);
    expect(archive.invocations[0].params.filters).toContainEqual({
      paramName: 'target_name',
      values: ['kplr011442793'],
    });
  });

  it('resolves a name and searches around the star', async () => {
    await mast.lightCurves('Kepler-90', missions);
    expect(archive.invocations.map((invocation) => invocation.service)).toEqual([
      'Mast.Name.Lookup',
      'Mast.Caom.Filtered.Position',
      'Mast.Caom.Products',
      'Mast.Caom.Products',
    ]);
    expect(archive.invocations[1].params.position).toMatch(/^284\.4335, 49\.3051, 0\.001/);
  });

  it('asks again while MAST is working', async () => {
    archive.executingFirst = 1;
    await expect(mast.lightCurves('KIC 11442793', missions)).resolves.toHaveLength(2);
  });

  it('says which names it would understand when MAST knows none', async () => {
    await expect(mast.lightCurves('Vulcan', missions)).rejects.toThrow(
      /no star called "Vulcan"; try its number/,
    );
  });

  it('downloads a product, and not again when it is whole already', async () => {
    const [product] = await mast.lightCurves('KIC 11442793', missions);
    const path = await mast.download(product, folder);
    expect(await readFile(path)).toEqual(FITS);
    archive.bytes = Buffer.from('changed');
    await mast.download(product, folder);
    expect(await readFile(path)).toEqual(FITS);
  });

  it('leaves nothing behind when a download breaks off', async () => {
    const [product] = await mast.lightCurves('KIC 11442793', missions);
    archive.cutShort = true;
    await expect(mast.download(product, folder)).rejects.toThrow(MastError);
    expect(await readdir(folder)).toEqual([]);
  });

  it('refuses a download of another size than announced', async () => {
    const [product] = await mast.lightCurves('KIC 11442793', missions);
    archive.bytes = FITS.subarray(0, 100);
    await expect(mast.download(product, folder)).rejects.toThrow(/2880 bytes at MAST, but 100/);
  });

  it('D.25 takes no path from the archive', async () => {
    archive.filename = '../../evil_llc.fits';
    const products = await mast.lightCurves('KIC 11442793', missions);
    const evil = products.find((product) => product.filename.includes('evil'));
    await expect(mast.download(evil!, folder)).rejects.toThrow(/not a plain file name/);
  });

  it('says that the archive cannot be reached', async () => {
    const { port } = archive.server.address() as AddressInfo;
    archive.server.closeAllConnections();
    await new Promise((closed) => archive.server.close(closed));
    await expect(mast.lightCurves('KIC 11442793', missions)).rejects.toThrow(
      `http://127.0.0.1:${port} cannot be reached`,
    );
    archive = new Archive();
    await new Promise<void>((ready) => archive.server.listen(0, '127.0.0.1', ready));
  });
});

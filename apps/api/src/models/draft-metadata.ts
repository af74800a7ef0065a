import {
  bytesOfVersion,
  distinctFiles,
  filesOfVersion,
  type ModelMetadata,
  modelMetadata,
} from '#contracts';
import { InvalidRequestError, type RequestFault } from '../http/http.errors.js';

/**
 * Metadata of which a draft can be made; that they fit their schema was checked with the request.
 *
 * @param named what the path says of name and version
 * @throws {InvalidRequestError}
 */
export function draftMetadata(
  written: Readonly<Record<string, unknown>>,
  named: { readonly name: string; readonly version?: string },
  mostBytes: number,
): ModelMetadata {
  const metadata = modelMetadata.parse(written);
  const faults = [...namingFaults(metadata, named), ...fileFaults(metadata, mostBytes)];
  if (faults.length > 0) throw new InvalidRequestError(faults);
  return metadata;
}

function namingFaults(
  metadata: ModelMetadata,
  { name, version = metadata.version }: { readonly name: string; readonly version?: string },
): RequestFault[] {
  const faults: RequestFault[] = [];
  const fault = (field: string, wanted: string) =>
    faults.push({ pointer: `#/metadata/${field}`, detail: `Must be ${wanted}, as in the path` });
  if (metadata.name !== name) fault('name', name);
  if (metadata.version !== version) fault('version', version);
  return faults;
}

function fileFaults(metadata: ModelMetadata, mostBytes: number): RequestFault[] {
  const details: string[] = [];
  const sizeBytes = bytesOfVersion(metadata);
  if (sizeBytes > mostBytes) {
    details.push(`Names files of ${sizeBytes} bytes together; at most ${mostBytes} are taken`);
  }
  const distinct = new Map(distinctFiles(metadata).map((each) => [each.file, each]));
  for (const { file, sha256, size_bytes: size } of filesOfVersion(metadata)) {
    const same = distinct.get(file)!;
    if (same.sha256 === sha256 && same.size_bytes === size) continue;
    details.push(`Names ${file} twice, with other contents`);
  }
  return details.map((detail) => ({ pointer: '#/metadata/input_schemas', detail }));
}

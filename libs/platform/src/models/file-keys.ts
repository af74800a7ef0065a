/** Where the files of versions lie in the object store. */

export const MODEL_FILE_TYPE = 'application/octet-stream';

export const modelFileKey = (versionId: string, file: string) => `models/${versionId}/${file}`;

/** Of a version that is not registered yet: clients write here, and nobody serves from here. */
export const draftFileKey = (draftId: string, file: string) => `model-drafts/${draftId}/${file}`;

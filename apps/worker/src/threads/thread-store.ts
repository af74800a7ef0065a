import { ObjectStore, type ObjectStoreOptions } from '#platform/storage';

let opened: { readonly key: string; readonly store: ObjectStore } | undefined;

/**
 * The object store of a thread: one for all of its tasks, so that its connections serve them all. It
 * ends with the thread.
 */
export function threadStore(options: ObjectStoreOptions): ObjectStore {
  const key = JSON.stringify(options);
  if (opened?.key !== key) {
    opened?.store.close();
    opened = { key, store: new ObjectStore(options) };
  }
  return opened.store;
}

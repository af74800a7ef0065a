import type { TaskFailure } from '#contracts';

/** What the main thread answers to a request, by its name. */
export type ThreadReply<Value> =
  | { readonly id: number; readonly ok: true; readonly value: Value }
  | {
      readonly id: number;
      readonly ok: false;
      /** null: nobody foresaw it. */
      readonly failure: TaskFailure | null;
      readonly message: string;
    };

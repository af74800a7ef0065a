export function isSigned(
  request: {
    readonly method: string;
    /** Path and query, undecoded. */
    readonly url: string;
    readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  },
  secretOf: (accessKey: string) => string | undefined,
): boolean;

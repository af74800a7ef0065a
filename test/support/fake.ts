/** A stand-in with just the given methods: any other that is called throws by its name. */
export function fake<T extends object>(methods: Partial<T>): T {
  return new Proxy(methods, {
    get(target, name) {
      if (name in target) return target[name as keyof typeof target];
      // A promise asks for `then` before it settles.
      if (name === 'then' || typeof name === 'symbol') return undefined;
      throw new Error(`The fake was not given "${name}"`);
    },
  }) as T;
}

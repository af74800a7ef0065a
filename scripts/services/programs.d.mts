export function obtain(
  wanted: { program: string; package: string; title: string; setting: string },
  say: (sentence: string) => void,
): Promise<{ kind: 'program'; path: string } | { kind: 'docker' }>;

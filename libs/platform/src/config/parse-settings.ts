import type { z } from 'zod';

export class SettingsError extends Error {
  constructor(faults: readonly string[]) {
    super(`The settings are not usable:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`);
  }
}

/** Empty strings count as absent. */
export function parse<Parsed extends z.ZodObject>(
  shape: Parsed,
  environment: Readonly<Record<string, string | undefined>>,
): z.output<Parsed> {
  const given = Object.fromEntries(
    Object.entries(environment).filter(([name, value]) => name in shape.shape && value !== ''),
  );
  const parsed = shape.safeParse(given);
  if (parsed.success) return parsed.data;
  throw new SettingsError(
    parsed.error.issues.map(
      (issue) =>
        `${issue.path.join('.')} ${given[String(issue.path[0])] === undefined ? 'is not set' : issue.message}`,
    ),
  );
}

/** Parameters of a search from its form; what is left empty keeps the platform's default. */
export function paramsOf(form: FormData): Record<string, unknown> {
  const filled = [...form.entries()].filter(([, value]) => value !== '');
  return Object.fromEntries(
    filled.map(([name, value]) => [name, name === 'detrend' ? value : Number(value)]),
  );
}

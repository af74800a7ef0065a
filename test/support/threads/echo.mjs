/** Answers what it was asked, fails as it was told, and says what it was told to say. */
export default function echo({ input, port }) {
  for (const note of input.notes ?? []) port.postMessage(note);
  port.close();
  if (input.throws) throw new Error(input.throws);
  if (input.failure) return { ok: false, failure: input.failure };
  return { ok: true, output: input.output };
}

/** A word in a box: the word says it, the colour only helps to find it. */
const TONES: Readonly<Record<string, string>> = {
  accept: 'good',
  pass: 'good',
  valid: 'good',
  completed: 'good',
  planet: 'good',
  reject: 'bad',
  fail: 'bad',
  invalid: 'bad',
  failed: 'bad',
  parked: 'bad',
  expired: 'bad',
  error: 'bad',
  false_positive: 'bad',
  human_review: 'open',
  warn: 'open',
  warning: 'open',
  unsure: 'open',
  running: 'busy',
  validating: 'busy',
  queued: 'busy',
};

export function Badge({ word }: { word: string }) {
  return <span className={`badge ${TONES[word] ?? 'plain'}`}>{word.replaceAll('_', ' ')}</span>;
}

export function Progress({ value, label }: { value: number; label: string }) {
  return (
    <div className="progress">
      <progress max={100} value={value} aria-label={label} />
      <span>{value.toFixed(0)} %</span>
    </div>
  );
}

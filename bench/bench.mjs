#!/usr/bin/env node
/**
 * `npm run bench -- NAME [options]`: measures the transit engine beside its peers, and writes
 * bench/results/ and docs/benchmarks.md. Without a name: all benches in their quick form.
 *
 *   speed | recall | box | scaling | biweight | vetting | task | split | learning | serving   see the head of each file for its options
 *   page [--check]   writes docs/benchmarks.md from the results, or compares
 */
import { main, setup } from '../scripts/setup/index.mjs';

const say = (sentence) => process.stderr.write(`${sentence}\n`);

const BENCHES = {
  speed: async (words) => (await import('./speed/run.mjs')).speed(words, say),
  recall: async (words) => (await import('./recall/run.mjs')).recall(words, say),
  box: async (words) => (await import('./recall/check-box.mjs')).checkBox(words, say),
  scaling: async (words) => (await import('./scaling/run.mjs')).scaling(words, say),
  biweight: async (words) => (await import('./biweight/run.mjs')).biweight(words, say),
  task: async (words) => (await import('./task/run.mjs')).task(words, say),
  vetting: async (words) => (await import('./vetting/run.mjs')).vetting(words, say),
  split: async (words) => (await import('./split/run.mjs')).split(words, say),
  serving: async (words) => (await import('./serving/run.mjs')).serving(words, say),
  learning: async (words) => (await import('./learning/run.mjs')).learning(words, say),
};

await main(async () => {
  const [name, ...words] = process.argv.slice(2);
  if (name && name !== 'page' && !BENCHES[name]) {
    throw new RangeError(`There is no bench "${name}"; ${Object.keys(BENCHES).join(', ')}.`);
  }
  if (name === 'page') {
    const { checkPage, writePage } = await import('./render.mjs');
    return words.includes('--check') ? checkPage() : writePage();
  }
  await setup({ web: false });
  for (const wanted of name ? [name] : Object.keys(BENCHES)) {
    await BENCHES[wanted](words);
  }
});

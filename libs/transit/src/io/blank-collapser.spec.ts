import { expect, it } from 'vitest';
import { BlankCollapser } from './blank-collapser.js';

const TEXT = '  a \t b\tc  \r\n\t\n d\n \n e  ';

it.each([1, 2, 3, 100])('collapses blanks in chunks of %i bytes', (size) => {
  const collapser = new BlankCollapser();
  let result = '';
  for (let at = 0; at < TEXT.length; at += size) {
    result += Buffer.from(collapser.push(Buffer.from(TEXT.slice(at, at + size)))).toString();
  }
  expect(result).toBe('a b c\r\n\nd\n\ne');
});

import { describe, expect, it } from 'vitest';
import { htmlOf } from './markdown.js';

describe('the Markdown of a problem page', () => {
  it('becomes headings, paragraphs and code', () => {
    expect(htmlOf('# Who are you?\n\nSend `X-API-Key`,\nplease.\n')).toBe(
      '<h1>Who are you?</h1>\n<p>Send <code>X-API-Key</code>,\nplease.</p>',
    );
  });

  it('cannot bring markup of its own', () => {
    expect(htmlOf('# <b>\n\n`<script>` & "x"')).toBe(
      '<h1>&lt;b&gt;</h1>\n<p><code>&lt;script&gt;</code> &amp; &quot;x&quot;</p>',
    );
  });
});

import { describe, expect, it } from 'vitest';
import { StageMeter } from './stage-meter.mjs';

const progress = (stage, message) => ({ type: 'progress', stage, message });
const object = (key) => ({ type: 'object', key });

describe('the stage meter of the task bench', () => {
  it('gives each stage what was used in it, and the report what follows its announcement', () => {
    let seconds = 0;
    const meter = new StageMeter(() => seconds);
    const after = (used, step) => {
      seconds += used;
      step();
    };
    meter.enter('validate');
    after(1, () => meter.enter('read'));
    after(2, () => meter.note(progress('search')));
    after(4, () => meter.note(progress('search')));
    after(8, () => meter.note(progress('fit')));
    after(16, () => meter.note(progress('search')));
    after(32, () => meter.note(progress('explain', 'Drawing candidate 1 of 1')));
    after(64, () => meter.note(object('folder/1-phase.png')));
    after(128, () => meter.note(progress('explain', 'Drawing the report')));
    after(256, () => meter.note(object('folder/report.pdf')));
    after(512, () => meter.enter('job report'));
    after(1024, () => expect(meter.end()).toBe(2047));
    expect(() => meter.note(progress('lunch'))).toThrow('does not know the stage "lunch"');
    expect(meter.stages).toEqual({
      validate: 1,
      read: 2,
      search: 4 + 8 + 32,
      fit: 16,
      plots: 64 + 128,
      report: 256 + 512,
      'job report': 1024,
    });
  });
});

import { expect } from 'chai';
import { createProgress } from '../../../src/process/progress.ts';

const erase = '\r\u001b[K';

describe('progress', () => {
  function given(isTTY: boolean, total: number | undefined) {
    let written = '';
    const output = { isTTY, write: (text: string) => (written += text) } as unknown as NodeJS.WriteStream;
    return {
      progress: createProgress({ output, total, noun: 'lines' }),
      written: () => written.replaceAll(erase, '<erased>'),
    };
  }

  it('is a bar at a terminal, which goes when it ends', () => {
    const { progress, written } = given(true, 400);

    progress.update(100, 1234);
    progress.end();

    expect(written()).to.match(/^<erased>\[#{6}-{18}\] 25 %, 1,234 lines, [\d,]+ a second, \d+ s left<erased>$/);
  });

  it('is not redrawn more often than anybody can read', () => {
    const { progress, written } = given(true, 400);

    for (let done = 1; done <= 100; done++) progress.update(done, done);

    expect(written().split('<erased>')).to.have.length.below(10);
  });

  it('has no bar where nobody knows how much there is', () => {
    const { progress, written } = given(true, undefined);

    progress.update(100, 1234);

    expect(written()).to.match(/^<erased>1,234 lines, [\d,]+ a second$/);
  });

  it('is silent at first where there is no terminal', () => {
    const { progress, written } = given(false, 400);

    progress.update(100, 1234);
    progress.end();

    expect(written()).to.equal('');
  });
});

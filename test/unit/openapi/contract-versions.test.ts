import { expect } from 'chai';
import type { ContractChange } from '../../../openapi/tools/changes/changes.ts';
import { versionMissing, versionToRelease } from '../../../openapi/tools/changes/contract-versions.ts';

const change = (level: ContractChange['level']): ContractChange => ({
  level,
  kind: 'changed',
  operations: [],
  text: '',
});
const [breaking, compatible] = [[change('breaking')], [change('compatible')]];

describe('the version of a changed contract', () => {
  it('is missing while a breaking change goes under one that does not say so', () => {
    expect(versionMissing('1.2.3', '1.2.3', breaking)).to.equal('2.0.0');
    expect(versionMissing('1.2.3', '1.3.0', breaking)).to.equal('2.0.0');
  });

  it('is not missing once it was set by hand, nor for a change that breaks nobody', () => {
    expect(versionMissing('1.2.3', '2.0.0', breaking)).to.equal(undefined);
    expect(versionMissing('1.2.3', '1.2.3', compatible)).to.equal(undefined);
    expect(versionMissing('1.2.3', '1.2.3', [])).to.equal(undefined);
  });

  it('is the lowest that the changes allow, unless a newer one was set or asked for', () => {
    expect(versionToRelease('1.2.3', '1.2.3', breaking)).to.equal('2.0.0');
    expect(versionToRelease('1.2.3', '3.0.0', breaking)).to.equal('3.0.0');
    expect(versionToRelease('1.2.3', '1.2.3', breaking, '2.1.0')).to.equal('2.1.0');
    expect(versionToRelease('1.2.3', '1.2.3', [], '1.2.4')).to.equal('1.2.4');
  });

  it('is refused if nothing changed, if it was released already, or if it is too low for the changes', () => {
    expect(() => versionToRelease('1.2.3', '1.2.3', [])).to.throw('nothing changed since 1.2.3; name a version');
    expect(() => versionToRelease('2.0.0', '3.0.0', breaking, '2.0.0')).to.throw(
      '2.0.0 is released already; the next version is 3.0.0',
    );
    expect(() => versionToRelease('1.2.3', '1.2.3', breaking, '1.3.0')).to.throw(
      '1.3.0 is too low for the changes since 1.2.3, which need 2.0.0',
    );
  });
});

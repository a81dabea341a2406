import { expect } from 'chai';
import { hostOf, parseAddress, siteOf } from '../../../src/platform/network/address.ts';
import { processorTime } from '../../support/processor-time.ts';

describe('addresses', () => {
  const spellings: Record<string, readonly string[]> = {
    '203.0.113.9': [
      '203.0.113.9',
      ' 203.0.113.9 ',
      '203.0.113.9:50001',
      '203.0.113.9:1',
      '::ffff:203.0.113.9',
      '::FFFF:203.0.113.9',
      '::ffff:cb00:7109',
      '0:0:0:0:0:ffff:203.0.113.9',
      '[::ffff:203.0.113.9]',
      '[::ffff:203.0.113.9]:443',
    ],
    '2001:db8::1': [
      '2001:db8::1',
      '2001:DB8:0:0:0:0:0:1',
      '2001:0db8::0001',
      '[2001:db8::1]',
      '[2001:db8::1]:50001',
      ' [2001:db8:0::1]:65535\t',
    ],
    'fe80::1': ['fe80::1', 'fe80::1%eth0', 'fe80::1%25en0', '[fe80::1%eth0]:80'],
    '::1': ['::1', '[::1]', '[::1]:8000', '0:0:0:0:0:0:0:1'],
  };
  for (const [address, texts] of Object.entries(spellings)) {
    for (const text of texts) {
      it(`parses "${text}" as ${address}`, () => {
        expect(parseAddress(text)).to.equal(address);
      });
    }
  }

  for (const text of [
    ...['', ' ', 'unknown', '_hidden', '_SEVKISEK:80', 'localhost', '-', '"203.0.113.9"', 'for=203.0.113.9'],
    ...['203.0.113', '203.0.113.256', '203.0.113.09', '0xcb.0.113.9', '3405803785', '203.0.113.9:', '203.0.113.9:x'],
    ...['203.0.113.9:123456', '203.0.113.9/32', '[203.0.113.9]', '[203.0.113.9]:80', '203.0.113.9 1', '[2001:db8::1'],
    ...['2001:db8::1]', '2001:db8::1::2', '[2001:db8::1]50001', '[2001:db8::1]:', '[[::1]]', '[]', '%eth0', '１.2.3.4'],
    'a'.repeat(100_000),
  ]) {
    it(`rejects "${text.slice(0, 20)}"`, () => {
      expect(parseAddress(text)).to.equal(undefined);
    });
  }

  it('parse 100 KB of text in bounded time', async () => {
    const texts = ['1.', '[', ':', '%', ' ', '1.1:'].map((part) => part.repeat(100_000));

    expect(await processorTime(() => texts.forEach((text) => parseAddress(text)))).to.be.below(50);
  });

  const networks: [string, string, string | undefined][] = [
    ['192.0.2.1', '192.0.2.1', undefined],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2', '2001:db8:1'],
    ['2001:db8:1:2::', '2001:db8:1:2', '2001:db8:1'],
    ['2001:db8:1::5:6', '2001:db8:1:0', '2001:db8:1'],
    ['2001:db8:0:2:3:4:5:6', '2001:db8:0:2', '2001:db8:0'],
    ['2001:db8::1', '2001:db8:0:0', '2001:db8:0'],
    ['::1', '0:0:0:0', '0:0:0'],
    ['::', '0:0:0:0', '0:0:0'],
    ['', '', undefined],
  ];
  for (const [address, host, site] of networks) {
    it(`map "${address}" to host "${host}" and site ${site ?? 'none'}`, () => {
      expect([hostOf(address), siteOf(address)]).to.deep.equal([host, site]);
    });
  }
});

import { expect } from 'chai';
import { createProxies, type TrustedProxies } from '../../../src/platform/network/proxies.ts';

const clientOf = (trusted: TrustedProxies, socket: string | undefined, forwardedFor?: string) =>
  createProxies(trusted).clientOf(socket, forwardedFor);

describe('proxies', () => {
  describe('by their number', () => {
    const cases: [number, string | undefined, string][] = [
      [1, undefined, '10.0.0.1'],
      [1, '203.0.113.9', '203.0.113.9'],
      [1, '198.51.100.1, 203.0.113.9', '203.0.113.9'],
      [1, '203.0.113.9:50001', '203.0.113.9'],
      [1, '[2001:db8::1]:50001', '2001:db8::1'],
      [2, '198.51.100.1,203.0.113.9', '198.51.100.1'],
      [2, '1.1.1.1, 198.51.100.1, 203.0.113.9', '198.51.100.1'],
      [2, '203.0.113.9', '203.0.113.9'],
      [3, '1.1.1.1, 198.51.100.1:80 ,203.0.113.9', '1.1.1.1'],
    ];
    for (const [count, forwardedFor, client] of cases) {
      it(`${count} with "${forwardedFor ?? ''}" yield ${client}`, () => {
        expect(clientOf(count, '10.0.0.1', forwardedFor)).to.equal(client);
      });
    }
  });

  describe('by their networks', () => {
    const cases: [readonly string[], string, string, string][] = [
      [['10.0.0.0/8'], '10.0.0.1', '203.0.113.9', '203.0.113.9'],
      [['10.0.0.0/8'], '::ffff:10.0.0.1', '203.0.113.9', '203.0.113.9'],
      [['::ffff:10.0.0.0/104'], '10.0.0.1', '203.0.113.9', '203.0.113.9'],
      [['10.0.0.0/8'], '203.0.113.1', '198.51.100.1', '203.0.113.1'],
      [['10.0.0.0/8'], '10.0.0.1', '198.51.100.1, 203.0.113.9:443, 10.0.0.2:50001', '203.0.113.9'],
      [['10.0.0.0/8', 'loopback'], '127.0.0.1', '10.0.0.3, 10.0.0.2', '10.0.0.3'],
      [['2001:db8::/32'], '2001:db8::1', '[2001:db9::1]:80, [2001:db8::2]:80', '2001:db9::1'],
      [['192.0.2.1'], '192.0.2.1', '203.0.113.9', '203.0.113.9'],
      [['uniquelocal', 'linklocal'], 'fe80::1%eth0', '203.0.113.9, fd00::1', '203.0.113.9'],
    ];
    for (const [networks, socket, forwardedFor, client] of cases) {
      it(`${networks.join()} with ${socket} and "${forwardedFor}" yield ${client}`, () => {
        expect(clientOf(networks, socket, forwardedFor)).to.equal(client);
      });
    }
  });

  for (const made of ['unknown', '_a1', '', ' ', 'x'.repeat(16_000), '203.0.113.999', '"203.0.113.9"']) {
    it(`that forward "${made.slice(0, 20)}" count as the client themselves`, () => {
      expect(clientOf(1, '10.0.0.1', made)).to.equal('10.0.0.1');
      expect(clientOf(2, '10.0.0.1', `${made}, 203.0.113.9`)).to.equal('203.0.113.9');
      expect(clientOf(['10.0.0.0/8'], '10.0.0.1', `198.51.100.1, ${made}, 10.0.0.2`)).to.equal('10.0.0.2');
      expect(clientOf(['10.0.0.0/8'], '10.0.0.1', `198.51.100.1, ${made}`)).to.equal('10.0.0.1');
    });
  }

  it('are ignored unless trusted', () => {
    expect(clientOf(false, '10.0.0.1', '203.0.113.9')).to.equal('10.0.0.1');
  });

  it('yield nobody once the client has disconnected', () => {
    expect(clientOf(1, undefined, undefined)).to.equal('');
    expect(clientOf(['10.0.0.0/8'], undefined, '203.0.113.9')).to.equal('');
  });

  it('are recognized by address, or all of them when only their number is known', () => {
    expect(createProxies(1).isProxy('203.0.113.9')).to.equal(true);
    expect(createProxies(false).isProxy('203.0.113.9')).to.equal(false);
    expect(createProxies(['10.0.0.0/8']).isProxy('::ffff:10.1.2.3')).to.equal(true);
    expect(createProxies(['10.0.0.0/8']).isProxy('203.0.113.9')).to.equal(false);
  });
});

import { expect } from 'chai';
import { serviceNamesOf } from '../../../src/features/passwords/service-names.ts';

describe('the names of a service', () => {
  for (const [issuer, url, others] of [
    ['latchkey', 'https://accounts.example.com', ['latchkey', 'example']],
    ['latchkey', 'https://latchkey.test', ['latchkey']],
    ['https://id.acme-tools.co.uk', 'https://acme-tools.co.uk', ['acme-tools']],
    ['Acme Accounts', 'https://acme.com.au:8443', ['Acme Accounts', 'acme']],
    ['latchkey', 'http://127.0.0.1:8000', ['latchkey']],
    ['latchkey', 'http://[::1]:8000', ['latchkey']],
    ['latchkey', 'http://localhost:8000', ['latchkey']],
    ['ibm', 'https://login.ibm.com', []],
  ] as const) {
    const names = ['Acme ID', ...others];
    it(`are ${names.join(' and ')} for ${issuer} at ${url}`, () => {
      expect(serviceNamesOf(['Acme ID', issuer], url)).to.deep.equal(names);
    });
  }
});

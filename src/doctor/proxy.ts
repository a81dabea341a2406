import type { Config } from '../config/config.ts';
import { fail, ok, warn, type Finding } from './findings.ts';

/** Whether the addresses of clients are known behind the proxy that ends TLS. */
export function checkProxy({ trustProxy, publicUrl }: Pick<Config, 'trustProxy' | 'publicUrl'>): Finding {
  if (trustProxy === false) {
    if (!publicUrl.startsWith('https://')) return ok('proxy', 'no proxy is believed');
    const reason = 'a proxy ends TLS and none is believed, so that all clients share one address and its limits';
    return fail('proxy', reason, 'set TRUST_PROXY to the number of proxies in front, or to their networks');
  }
  if (typeof trustProxy === 'number') {
    return ok('proxy', `the last ${trustProxy} of X-Forwarded-For ${trustProxy === 1 ? 'is' : 'are'} believed`);
  }
  const all = trustProxy.filter((network) => network.endsWith('/0'));
  if (all.length > 0) {
    const reason = `TRUST_PROXY holds ${all.join(', ')}, so that a client can name any address as its own`;
    return warn('proxy', reason, "name the proxies' networks only");
  }
  return ok('proxy', `proxies in ${trustProxy.join(', ')} are believed`);
}

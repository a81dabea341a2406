/** Whether a name or an address means the machine itself. */
export function isThisMachine(host: string): boolean {
  return /^(localhost|127(\.\d+){3}|\[?::1\]?|.*\.localhost)$/.test(host);
}

/** Whether a name has no meaning but in a network of containers. */
export function isContainerName(host: string): boolean {
  return /^[a-z0-9_-]+$/i.test(host) && !/^\d+$/.test(host);
}

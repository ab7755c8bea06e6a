/** Where the server behind a remote's address listens, or which folder it is. */
export type Endpoint =
  | { readonly kind: 'server'; readonly host: string; readonly port: number }
  | { readonly kind: 'folder'; readonly path: string }

const ports: Readonly<Record<string, number>> = { ssh: 22, git: 9418, http: 80, https: 443 }

/**
 * As far as the address alone says it: a name that ssh or git's configuration gives to something else, or a proxy in
 * between, makes it another place. @returns null for what no such place is known of
 */
export function endpointOf(address: string): Endpoint | null {
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(address)?.[1]?.toLowerCase()
  if (scheme === undefined) {
    // As in git: `host:path` is a server unless a slash comes before the colon.
    const server = /^(?:[^/@]*@)?(?:\[([^\]/]+)\]|([^/:[\]]+)):/.exec(address)
    const host = server?.[1] ?? server?.[2]
    return host === undefined ? { kind: 'folder', path: address } : { kind: 'server', host, port: 22 }
  }
  if (scheme === 'file') return { kind: 'folder', path: decodedOf(address.slice('file://'.length)) }
  const port = ports[scheme.replace(/^git\+ssh$|^ssh\+git$/, 'ssh')]
  const [, host, ownPort] = /^[^:]+:\/\/(?:[^/@]*@)?(\[[^\]]+\]|[^/:]+)(?::(\d+))?(?:\/|$)/.exec(address) ?? []
  if (port === undefined || host === undefined) return null
  return { kind: 'server', host: host.replace(/^\[|\]$/g, ''), port: ownPort === undefined ? port : Number(ownPort) }
}

function decodedOf(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}

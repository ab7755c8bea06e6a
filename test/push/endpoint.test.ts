import { expect, test } from 'vitest'
import { endpointOf } from '../../src/push/endpoint.ts'

const server = (host: string, port: number) => ({ kind: 'server', host, port })
const folder = (path: string) => ({ kind: 'folder', path })

test.each([
  ['https://example.org/a/b.git', server('example.org', 443)],
  ['http://example.org:8080/a', server('example.org', 8080)],
  ['HTTPS://a@example.org/a', server('example.org', 443)],
  ['git://[::1]:9419/a', server('::1', 9419)],
  ['git://example.org', server('example.org', 9418)],
  ['ssh://git@example.org:2222/a', server('example.org', 2222)],
  ['git+ssh://example.org/a', server('example.org', 22)],
  ['git@example.org:a/b.git', server('example.org', 22)],
  ['example.org:~/a', server('example.org', 22)],
  ['a.b@example.org:a@b:c', server('example.org', 22)],
  ['[::1]:a', server('::1', 22)],
  ['/srv/git/a.git', folder('/srv/git/a.git')],
  ['../a.git', folder('../a.git')],
  ['./a:b', folder('./a:b')],
  ['file:///srv/a%20b', folder('/srv/a b')],
  ['file:///srv/100%', folder('/srv/100%')],
  ['ext::ssh host %S a', server('ext', 22)],
  ['s3://bucket/a', null],
  ['https://', null],
  ['https:///a', null],
])('%s', (address, expected) => {
  expect(endpointOf(address)).toEqual(expected)
})

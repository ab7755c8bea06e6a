import { expect, test } from 'vitest'
import { isLinkOf, socketPlace } from '../../src/control/socket-path.ts'

const deep = `/home/u/${'d'.repeat(120)}/.git/workspace-sync`

test('the socket lies in the state directory', () => {
  const place = socketPlace('/home/u/ws/.git/workspace-sync', '/run/user/1', '/tmp', 1, '1.2.3')
  expect(place).toEqual({ path: '/home/u/ws/.git/workspace-sync/control.sock', directory: null })
})

test('one whose address is too long lies in the runtime directory', () => {
  const place = socketPlace(deep, '/run/user/1', '/tmp', 1, '1.2.3')
  expect(place.directory).toBe('/run/user/1/workspace-sync')
  expect(place.path).toMatch(/^\/run\/user\/1\/workspace-sync\/[0-9a-f]{16}\.sock$/)
})

test('two workspaces never share one', () => {
  const one = socketPlace(deep, '/run/user/1', '/tmp', 1, '1.2.3')
  expect(one).not.toEqual(socketPlace(`${deep}2`, '/run/user/1', '/tmp', 1, '1.3.3'))
  expect(isLinkOf(one.path, '1.2.3')).toBe(true)
  expect(isLinkOf(one.path, '1.3.3')).toBe(false)
})

test('without a usable runtime directory it lies in a directory of the user among the temporary files', () => {
  for (const runtimeDir of [null, '', 'relative', `/${'r'.repeat(100)}`]) {
    expect(socketPlace(deep, runtimeDir, '/var/tmp', 7, '1.2.3').directory).toBe('/var/tmp/workspace-sync-7')
  }
  expect(socketPlace(deep, null, `/${'t'.repeat(100)}`, 7, '1.2.3').directory).toBe('/tmp/workspace-sync-7')
})

test('length is counted in bytes, as the system does', () => {
  const umlauts = `/home/${'ü'.repeat(45)}`
  expect(socketPlace(umlauts, null, '/tmp', 1, '1.2.3').directory).toBe('/tmp/workspace-sync-1')
})

test('every address fits', () => {
  for (let length = 1; length < 300; length += 1) {
    const { path } = socketPlace(
      `/${'x'.repeat(length)}`,
      `/run/${'r'.repeat(length)}`,
      `/${'t'.repeat(length)}`,
      4_294_967_294,
      '1.2.3',
    )
    expect(Buffer.byteLength(path)).toBeLessThanOrEqual(100)
  }
})

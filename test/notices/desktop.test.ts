import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { notifierCommand, notifyDesktop } from '../../src/notices/desktop.ts'

test.each(['linux', 'freebsd'] as const)('%s: a file name is no markup and no option', (platform) => {
  expect(notifierCommand(platform, '--help', 'held: <b>a & b</b>')).toEqual({
    program: 'notify-send',
    args: ['--app-name=workspace-sync', '--', '--help', 'held: &lt;b&gt;a &amp; b&lt;/b&gt;'],
  })
})

test('macOS: the words are arguments of the script, never a part of it', () => {
  const { program, args } = notifierCommand('darwin', 'title', '" & (do shell script "id") & "')
  expect(program).toBe('osascript')
  expect(args.slice(-2)).toEqual(['title', '" & (do shell script "id") & "'])
  expect(args.slice(0, -2).join(' ')).not.toContain('shell')
})

test('Windows: no quote ends the text', () => {
  const { program, args } = notifierCommand('win32', 'title', "it's \u2018so\u2019 $(id) `n")
  expect(program).toBe('powershell.exe')
  expect(args.at(-1)).toContain("CreateTextNode('it''s \u2018\u2018so\u2019\u2019 $(id) `n')")
})

test('a long text is cut', () => {
  expect(notifierCommand('linux', 't', 'x'.repeat(5_000)).args.at(-1)?.length).toBeLessThan(500)
})

test('a notifier that is there gets title and text; none, and one that fails, are no failure', async () => {
  const place = mkdtempSync(join(tmpdir(), 'notifier-'))
  onTestFinished(() => rmSync(place, { recursive: true }))
  const said = join(place, 'said')
  await notifyDesktop('title', 'text', { PATH: place })
  writeFileSync(join(place, 'notify-send'), `#!/bin/sh\nprintf '%s\\n' "$@" > '${said}'\nexit 1\n`, { mode: 0o755 })
  await notifyDesktop('title', 'a text', { PATH: `${place}:${process.env['PATH']}` })
  expect(readFileSync(said, 'utf8')).toBe('--app-name=workspace-sync\n--\ntitle\na text\n')
})

test('of a token in a name, or in what a hook said, only the begin is shown, also where the text is cut', () => {
  // Put together here, so that this file itself is no finding.
  const token = ['ghp', 'Zq8LmV3tXr5WcYb7NdKe2HjFg6TsAu9PoQi1'].join('_')
  const body = notifierCommand('linux', 't', `held: ${token}.txt`).args.at(-1)
  expect(body).toBe('held: ghp_***.txt')
  expect(notifierCommand('linux', 't', `${'x '.repeat(190)}${token}`).args.at(-1)).not.toContain(token.slice(0, 10))
})

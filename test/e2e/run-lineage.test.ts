import { expect, test } from 'vitest'
import { startDaemon } from '../support/daemon.ts'
import { until } from '../support/until.ts'
import { makeWorkspace } from '../support/workspace.ts'

/** Ways in which a child loosens itself from its parent; each runs `put NAME`. */
const ways: Readonly<Record<string, string>> = {
  child: 'sh -c "$put" sh',
  session: 'setsid sh -c "$put" sh',
  nohup: 'nohup sh -c "$put" sh 2>/dev/null',
  bare: 'env -i PATH="$PATH" sh -c "$put" sh',
  terminal: 'own_terminal',
  orphan: 'orphan',
}

/** Each way writes a few files, so that one that nobody can be named for, on a busy machine, decides nothing. */
const tries = 3

const script = `
put='printf "%0700d" 7 > "$1.md"'
own_terminal() { script -qec "sh -c '$put' sh $1" /dev/null >/dev/null; }
orphan() { (sh -c "(sleep 0.2; sh -c '$put' sh $1) &"); sleep 0.5; }
export put
for n in $(seq ${tries}); do
${Object.entries(ways)
  .map(([way, command]) => `${command} ${way}-$n; sleep 0.15`)
  .join('\n')}
done
(setsid sh -c 'for n in $(seq ${tries}); do sleep 0.5; sh -c "$put" sh survivor-$n; done' &)
`

test(
  'whatever a declared program starts is the writer too, also when it outlives run',
  { timeout: 90_000 },
  async (context) => {
    const workspace = makeWorkspace(context)
    const daemon = await startDaemon(workspace)
    const run = await workspace.run(['run', '--writer', 'helper', '--', 'sh', '-c', script])
    expect(run).toEqual({ code: 0, out: '', err: '' })
    await daemon.says(`survivor-${tries}.md`, 30_000)
    for (const way of [...Object.keys(ways), 'survivor']) {
      const isNamed = new RegExp(`${way}-\\d\\.md: process: writer: agent "helper" \\(T1\\)`)
      await until(`one of ${way} has its writer`, () => isNamed.test(daemon.out()), 10_000)
    }
  },
)

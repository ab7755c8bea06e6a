import { readFileSync } from 'node:fs'
import type { Command } from 'commander'
import { SyncError } from '../../errors.ts'
import type { PathBytes, Writer } from '../../types.ts'
import type { Context, Given, Run } from '../context.ts'
import { exitCode } from '../exit-code.ts'
import { exampleText, help, optionHelp } from '../help.ts'
import { loadInForce, warnAbout } from '../in-force.ts'
import { nameMeant, workspaceBytes, workspacePaths } from '../locate.ts'
import { verdictJson } from '../verdict-json.ts'
import { verdictText } from '../verdict-text.ts'

/** The answer must fit into one reply; of more paths nobody is named. */
const writersAskedMax = 2_000
const writersMsMax = 2_000

export function registerTestFilter(program: Command, run: Run): void {
  program
    .command('test-filter')
    .description(help.testFilter.summary)
    .argument('[path...]')
    .option('--stdin', optionHelp.stdin)
    .addHelpText('after', exampleText(help.testFilter.example))
    .action(run(testFilter))
}

async function testFilter(context: Context, { args, options }: Given): Promise<number> {
  const [{ createDryJudge }, { openRepository }] = await Promise.all([
    import('../../daemon/daemon.ts'),
    import('../../git/git.ts'),
  ])
  const { directory, env } = context
  const engine = await openRepository(directory, { environment: env, readOnly: true })
  try {
    const { root, stateDir } = engine.repository
    const given = options['stdin'] === true ? pathsOnStdin(directory) : []
    const paths = [...workspacePaths(root, directory, args), ...workspaceBytes(root, directory, given)]
    if (paths.length === 0) {
      throw new SyncError('usage', 'no path was named', 'name paths, or pass them with --stdin')
    }
    const { loaded } = await loadInForce(context, engine)
    warnAbout(context, loaded)
    const { judge } = await createDryJudge(engine, loaded, await writersOf(stateDir, paths))
    const decisions = new Set<string>()
    for (const path of paths) {
      const verdict = await judge(path)
      decisions.add(verdict.verdict.decision)
      context.answer(verdictJson(verdict), verdictText(verdict))
    }
    if (decisions.has('hold')) return exitCode.hold
    return decisions.has('block') ? exitCode.failed : exitCode.done
  } finally {
    await engine.close()
  }
}

/** Only a daemon that watches can have seen it; without one, nobody is named. */
async function writersOf(stateDir: string, paths: readonly PathBytes[]): Promise<(path: PathBytes) => Writer | null> {
  const { ask } = await import('../../control/control.ts')
  try {
    const asked = paths.slice(0, writersAskedMax)
    const answer = await ask(stateDir, 'writers', { paths: asked }, writersMsMax)
    const known = new Map(answer === 'no-daemon' ? [] : answer.map((writer, at) => [asked[at], writer]))
    return (path) => known.get(path) ?? null
  } catch (error) {
    // It is busy, or of a version that does not know the question: the rules are what was asked about.
    if (error instanceof SyncError) return () => null
    throw error
  }
}

/** NUL-separated when there is a NUL, else a path a line: `git ls-files`, with and without `-z`, and `find -print0`. */
function pathsOnStdin(directory: string): readonly string[] {
  const text = readFileSync(0, 'latin1')
  const isLines = !text.includes('\0')
  const names = text.split(isLines ? '\n' : '\0').map((name) => (isLines ? name.replace(/\r$/, '') : name))
  return names.filter((name) => name !== '').map((name) => (isLines ? nameMeant(directory, name) : name))
}

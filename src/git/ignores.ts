import type { PathBytes } from '../types.ts'
import { createConversation } from './conversation.ts'
import type { Parsed } from './conversation.ts'
import { failureOf, repositoryError } from './failures.ts'
import type { Workbench } from './workbench.ts'

export interface Ignores {
  /** Those of `paths` that a rule matches, tracked or not. */
  matched(paths: readonly PathBytes[]): Promise<ReadonlySet<PathBytes>>
  /** Rule files are read once by the helper. */
  restart(): void
  close(): void
}

export function createIgnores(bench: Workbench): Ignores {
  // Verbose and non-matching: exactly one answer for each question.
  const talk = createConversation(bench, ['check-ignore', '-z', '-v', '-n', '--no-index', '--stdin'])
  const isMatched = async (path: PathBytes): Promise<boolean> => {
    // check-ignore refuses GIT_LITERAL_PATHSPECS; the prefix keeps ":(top)x" a name.
    const answer = await talk.ask(Buffer.from(`./${path}\0`, 'latin1'), parseMatch)
    if (answer.kind === 'reply') return answer.reply
    // Behind a link or inside a submodule no rule of this repository holds; anything else is a broken repository.
    if (/beyond a symbolic link|is in submodule|outside repository/.test(answer.stderr)) return false
    throw repositoryError(failureOf('check-ignore', { code: null, stderr: answer.stderr, fault: null }))
  }
  // Those in the tree are watched; the helper reads each file once.
  let seen = ''
  const notice = async (): Promise<void> => {
    const { ignoreFiles, files } = await bench.settings.read()
    const now = [...ignoreFiles, ...files].map((file) => bench.disk.identify(file)?.fingerprint ?? '').join(' ')
    if (now !== seen) talk.restart()
    seen = now
  }
  return {
    matched: async (paths) => {
      await notice()
      const answers = await Promise.all(paths.map(async (path) => ({ path, isIgnored: await isMatched(path) })))
      return new Set(answers.flatMap(({ path, isIgnored }) => (isIgnored ? [path] : [])))
    },
    restart: () => talk.restart(),
    close: () => talk.close(),
  }
}

/** "source NUL line NUL pattern NUL path NUL"; the first three are empty where nothing matches. */
function parseMatch(bytes: Buffer): Parsed<boolean> {
  const ends: number[] = []
  for (let at = bytes.indexOf(0); at >= 0 && ends.length < 4; at = bytes.indexOf(0, at + 1)) ends.push(at)
  const [, line, pattern, path] = ends
  if (line === undefined || pattern === undefined || path === undefined) return { needBytes: bytes.length + 1 }
  const first = bytes[line + 1]
  return { reply: pattern > line + 1 && first !== 0x21, usedBytes: path + 1 }
}

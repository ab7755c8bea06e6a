/** The person of the trial: vim on a terminal of its own, driven by keys, and git beside it. */
import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, renameSync, unlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { drawing, Edit, Ground } from './ground.ts'
import { git, sleep } from './ground.ts'

/** How long a staged hunk is left alone, to see whether it is. */
const stagedMs = 60_000

export interface Person {
  /** Does one thing, and rests for some seconds. */
  act(): Promise<void>
  /** Quits the editor and settles what is open. */
  finish(): Promise<void>
  /** Must never be on the remote. */
  readonly secrets: readonly string[]
  surprises(): readonly string[]
}

export function createPerson({ work, folder }: Ground, draw: ReturnType<typeof drawing>, edits: Edit[]): Person {
  const { random, pick, word } = draw
  const secrets: string[] = []
  const surprises: string[] = []
  const socket = join(folder, 'tmux')
  const tmux = (...args: readonly string[]): void => void execFileSync('tmux', ['-S', socket, ...args])
  const keys = (...names: readonly string[]): void => tmux('send-keys', '-t', 'editor', ...names)
  const text = (literal: string): void => tmux('send-keys', '-t', 'editor', '-l', literal)
  const files = (): readonly string[] =>
    git(work, 'ls-files', '*.js', '*.md', '*.ts')
      .split('\n')
      .filter((path) => !path.includes('"') && existsSync(join(work, path)))
  const note = (path: string, mark: string): void => void edits.push({ mark, path, atMs: Date.now(), seenAtMs: null })
  let staged: { readonly path: string; readonly untilMs: number; readonly head: string } | null = null

  tmux(
    'new-session',
    '-d',
    '-s',
    'editor',
    '-x',
    '120',
    '-y',
    '40',
    'vim',
    '-Nu',
    'NONE',
    '--cmd',
    'set hidden autoread updatecount=20',
  )

  const saves = async (): Promise<void> => {
    const path = pick(files())
    keys('Escape')
    text(`:e! ${join(work, path).replaceAll(' ', '\\ ')}`)
    keys('Enter')
    await sleep(500)
    for (let count = 1 + Math.floor(random() * 3); count > 0; count -= 1) {
      const mark = `edit-${word()}${word()}`
      keys('G', 'o')
      text(`// ${mark}`)
      keys('Escape')
      // Half of the time it is left unsaved for a while: the swap file lies there.
      if (random() < 0.5) await sleep(random() * 8_000)
      text(':w')
      keys('Enter')
      await sleep(400)
      if (readFileSync(join(work, path), 'utf8').includes(mark)) note(path, mark)
      else surprises.push(`vim did not save ${mark} in ${path}`)
      await sleep(random() * 2_000)
    }
  }
  const renames = async (): Promise<void> => {
    const path = pick(files())
    const mark = `renamed${word()}`
    renameSync(join(work, path), join(work, dirname(path), `${mark}.md`))
    note(path, mark)
  }
  const deletes = async (): Promise<void> => {
    const open = new Set(edits.filter(({ seenAtMs }) => seenAtMs === null).map(({ path }) => path))
    const path = pick(files().filter((file) => !open.has(file)))
    unlinkSync(join(work, path))
  }
  const holdsASecret = async (): Promise<void> => {
    const secret = `ghp_${randomBytes(18).toString('hex')}`
    secrets.push(secret)
    const path = `settings-${word()}.yaml`
    writeFileSync(join(work, path), `token: ${secret}\n`)
    await sleep(15_000)
    const mark = `clean-${word()}`
    writeFileSync(join(work, path), `region: ${mark}\n`)
    note(path, mark)
  }
  const commitsByHand = async (): Promise<void> => {
    if (staged !== null) return
    const path = pick(files())
    const mark = `hand-${word()}${word()}`
    writeFileSync(join(work, path), `${readFileSync(join(work, path), 'utf8')}\n// ${mark}\n`)
    note(path, mark)
    try {
      git(work, 'commit', '-q', '-m', 'by hand', '--', path)
    } catch (error) {
      // Somebody else was quicker: the daemon has committed it already.
      if (!String(error).includes('nothing to commit')) surprises.push(`git commit: ${String(error).slice(0, 200)}`)
    }
  }
  const stages = async (): Promise<void> => {
    if (staged !== null) return
    const path = pick(files())
    const mark = `staged-${word()}${word()}`
    writeFileSync(join(work, path), `${readFileSync(join(work, path), 'utf8')}\n// ${mark}\n`)
    try {
      git(work, 'add', '--', path)
    } catch (error) {
      surprises.push(`git add: ${String(error).slice(0, 200)}`)
      return
    }
    staged = { path, untilMs: Date.now() + stagedMs, head: mark }
    note(path, mark)
  }
  const settles = async (): Promise<void> => {
    if (staged === null || Date.now() < staged.untilMs) return
    const { path, head } = staged
    staged = null
    if (!git(work, 'diff', '--cached').includes(head)) {
      surprises.push(`what was staged in ${path} (${head}) is staged no more after a minute`)
      return
    }
    git(work, 'commit', '-q', '-m', 'what was staged')
  }
  const acts = [saves, saves, saves, saves, saves, saves, renames, deletes, holdsASecret, commitsByHand, stages]
  return {
    secrets,
    surprises: () => surprises,
    async act() {
      await settles()
      await pick(acts)()
      await sleep(2_000 + random() * 15_000)
    },
    async finish() {
      // With the editor the terminal's server ends too.
      keys('Escape')
      text(':qa!')
      keys('Enter')
      if (staged !== null) staged = { ...staged, untilMs: 0 }
      await settles()
    },
  }
}

/** What a person does with git: short scenes of one command or several, each with what has to hold in the middle of it. */
import {
  closeSync,
  existsSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { sleep } from '../soak/ground.ts'
import { message } from './audit.ts'
import type { Hand } from './hand.ts'
import { moreActs } from './more-acts.ts'

export interface Act {
  readonly name: string
  readonly weight: number
  play(hand: Hand): Promise<void>
}

/** Branches: the first two are the daemon's, the others are not. */
export const branches = { listed: ['main', 'second'], others: ['side', 'topic', 'wt'] } as const

const stagesAFile = async (hand: Hand): Promise<void> => {
  const path = hand.edit()
  await hand.run(['add', '--', path])
  await staysStaged(hand, path)
}

const stagesAHunk = async (hand: Hand): Promise<void> => {
  const path = hand.draw.pick(hand.files())
  const place = join(hand.root, path)
  if (!existsSync(place)) return
  const lines = readFileSync(place, 'utf8').split('\n')
  // Two places that lie far enough from each other to be two hunks.
  const text = [`top ${hand.counts.commands}`, ...lines, `bottom ${hand.counts.commands}`].join('\n')
  hand.byHand(`writes at both ends of ${path}`, () => writeFileSync(place, text))
  await hand.run(['add', '-p', '--', path], { input: hand.draw.random() < 0.5 ? 'y\nn\n' : 'n\ny\n' })
  await staysStaged(hand, path)
}

/** While the daemon commits another file. Where nothing is staged, because git refused or the daemon was quicker, all is well. */
async function staysStaged(hand: Hand, path: string): Promise<void> {
  const before = await stagedState(hand, path)
  if (before === null || (before.index.split(' ')[1] ?? '') === before.head) return
  hand.counts.staged += 1
  hand.edit(hand.newPath())
  await hand.rest(700)
  const after = await stagedState(hand, path)
  const [was, is] = [JSON.stringify(before), JSON.stringify(after)]
  if (after !== null && was !== is) hand.faults.push(`staging of ${path} was ${was} and is ${is}`)
}

/** At a moment at which nobody is about to write the index; null: there was none. */
async function stagedState(
  hand: Hand,
  path: string,
): Promise<{ readonly index: string; readonly head: string } | null> {
  const isBusy = (): boolean => existsSync(join(hand.root, '.git', 'index.lock'))
  for (let tries = 0; tries < 50; tries++) {
    const found = {
      index: hand.ask('ls-files', '--stage', '--', path),
      head: hand.ask('rev-parse', '-q', '--verify', `HEAD:${path}`),
    }
    if (!isBusy() && found.index === hand.ask('ls-files', '--stage', '--', path)) return found
    await sleep(20)
  }
  return null
}

const commits = async (hand: Hand): Promise<void> => {
  const how = hand.draw.random()
  if (how < 0.3) await hand.run(['add', '--', hand.edit()])
  if (how < 0.6) await hand.run(['commit', '-q', ...message()])
  else if (how < 0.8) await hand.run(['commit', '-q', '-a', ...message()])
  else await hand.run(['commit', '-q', ...message(), '--', hand.edit(hand.draw.pick(hand.files()))])
}

const amends = async (hand: Hand): Promise<void> => {
  await hand.run(['add', '--', hand.edit()])
  await hand.run(['commit', '-q', ...message()])
  // Before our push, in the middle of it, or after it.
  await hand.rest(hand.draw.random() < 0.5 ? 30 : 1_500)
  if (hand.draw.random() < 0.5) await hand.run(['add', '--', hand.edit()])
  await hand.run(['commit', '-q', '--amend', ...message()])
}

/** Nothing of the daemon's may come to pass: HEAD, and whatever else is named, stays where it is. */
async function undisturbed(hand: Hand, what: string, refs: readonly string[]): Promise<void> {
  const state = (): string => refs.map((ref) => hand.ask('rev-parse', '-q', ref)).join()
  const before = state()
  hand.edit(hand.newPath())
  await sleep(150 + hand.draw.random() * 450)
  if (state() !== before) hand.faults.push(`amid ${what} ${refs.join()} went from ${before} to ${state()}`)
}

const rebases = async (hand: Hand): Promise<void> => {
  const [from] = hand
    .ask('rev-list', '--first-parent', `--max-count=${2 + Math.floor(hand.draw.random() * 4)}`, 'HEAD')
    .split('\n')
    .toReversed()
  const branch = hand.ask('symbolic-ref', '-q', 'HEAD')
  if (from === undefined || branch === '') return
  const roll = hand.draw.random()
  const todo = roll < 0.6 ? '1s/^pick/edit/' : roll < 0.8 ? '1s/^pick/reword/' : '1{/^pick/d}'
  const how = hand.draw.random() < 0.6 ? ['--autostash'] : []
  await hand.run(['rebase', '-i', ...how, from], { environment: { GIT_SEQUENCE_EDITOR: `sed -i '${todo}'` } })
  const isStopped = (): boolean => existsSync(join(hand.root, '.git', 'rebase-merge'))
  for (let stops = 0; isStopped(); stops++) {
    await undisturbed(hand, 'a rebase', ['HEAD', branch])
    const isConflict = hand.ask('ls-files', '--unmerged') !== ''
    if (isConflict || stops > 2 || hand.draw.random() < 0.15) {
      await hand.run(['rebase', '--abort'])
      if (isStopped()) await hand.run(['rebase', '--quit'])
      continue
    }
    await hand.run(['add', '-A'])
    await hand.run(['commit', '-q', '--amend', ...message()])
    await hand.run(['rebase', '--continue'])
  }
}

const merges = async (hand: Hand): Promise<void> => {
  const branch = hand.ask('symbolic-ref', '-q', '--short', 'HEAD')
  const path = hand.draw.pick(hand.files())
  const put = (text: string): void => {
    hand.byHand(`writes ${path}`, () => writeFileSync(join(hand.root, path), `${text}\n${'line\n'.repeat(40)}`))
  }
  await hand.run(['commit', '-q', '-a', ...message()])
  if ((await hand.run(['switch', '-q', '-C', 'topic'])).code !== 0) return
  put(`theirs ${hand.counts.commands}`)
  await hand.run(['commit', '-q', '-a', ...message()])
  if ((await hand.run(['switch', '-q', branch])).code !== 0) return backTo(hand, branch)
  put(`mine ${hand.counts.commands}`)
  await hand.run(['commit', '-q', '-a', ...message()])
  await hand.run(['merge', '-q', '--no-edit', 'topic'])
  if (!existsSync(join(hand.root, '.git', 'MERGE_HEAD'))) return
  await undisturbed(hand, 'a merge', ['HEAD'])
  if (hand.draw.random() < 0.4) {
    await hand.run(['merge', '--abort'])
  } else {
    put(`both ${hand.counts.commands}`)
    await hand.run(['add', '-A'])
    await hand.run(['commit', '-q', ...message()])
  }
  if (existsSync(join(hand.root, '.git', 'MERGE_HEAD'))) await hand.run(['reset', '-q', '--hard'])
}

/** However things stand, a person gets back to the branch. */
export async function backTo(hand: Hand, branch: string): Promise<void> {
  if (hand.ask('symbolic-ref', '-q', '--short', 'HEAD') === branch) return
  await hand.run(['add', '-A'])
  await hand.run(['commit', '-q', ...message()])
  if ((await hand.run(['switch', '-q', branch])).code === 0) return
  await hand.run(['switch', '-q', '-f', branch])
}

/** What an act left in the middle is given up, so that the next one begins on a branch. */
export async function putInOrder(hand: Hand): Promise<void> {
  const has = (name: string): boolean => existsSync(join(hand.root, '.git', name))
  if (!has('rebase-merge') && !has('MERGE_HEAD') && hand.ask('symbolic-ref', '-q', 'HEAD') !== '') return
  if (has('rebase-merge')) await hand.run(['rebase', '--abort'])
  if (has('rebase-merge')) await hand.run(['rebase', '--quit'])
  if (has('MERGE_HEAD')) await hand.run(['reset', '-q', '--hard'])
  await backTo(hand, 'main')
}

const stashes = async (hand: Hand): Promise<void> => {
  hand.edit()
  const made = await hand.run(['stash', 'push', '-q', ...(hand.draw.random() < 0.5 ? ['-u'] : [])])
  if (made.code !== 0 || hand.ask('stash', 'list') === '') return
  hand.edit()
  await hand.rest(500)
  if ((await hand.run(['stash', 'pop', '-q', ...(hand.draw.random() < 0.5 ? ['--index'] : [])])).code === 0) return
  if (hand.ask('ls-files', '--unmerged') !== '') {
    await undisturbed(hand, 'a stash that does not fit', ['HEAD'])
    await hand.run(['checkout', '-q', '--theirs', '--', '.'])
    await hand.run(['reset', '-q'])
  }
  // The stash stays: nothing of it is lost.
}

const switches = async (hand: Hand): Promise<void> => {
  const here = hand.ask('symbolic-ref', '-q', '--short', 'HEAD')
  const other = hand.draw.random() < 0.6 ? 'side' : here === 'main' ? 'second' : 'main'
  if (hand.draw.random() < 0.5) hand.edit()
  if ((await hand.run(['switch', '-q', other])).code !== 0) return
  if (other === 'side') {
    await undisturbed(hand, 'a branch that is not listed', ['HEAD', 'refs/heads/main', 'refs/heads/second'])
    await backTo(hand, here)
    return
  }
  hand.edit()
  await hand.rest(600)
  if (hand.draw.random() < 0.7) await backTo(hand, here)
}

const holdsTheIndex = async (hand: Hand): Promise<void> => {
  const lock = join(hand.root, '.git', 'index.lock')
  hand.counts.commands += 1
  let fd: number
  try {
    fd = openSync(lock, 'wx')
  } catch {
    return
  }
  const index = (): string => {
    const { ino, mtimeMs, size } = statSync(join(hand.root, '.git', 'index'))
    return `${ino} ${mtimeMs} ${size}`
  }
  const [before, inode] = [index(), statSync(lock).ino]
  hand.edit()
  await sleep(100 + hand.draw.random() * 1_400)
  closeSync(fd)
  if (!existsSync(lock) || statSync(lock).ino !== inode) hand.faults.push("somebody's index.lock was taken away")
  else {
    if (index() !== before) hand.faults.push('the index was written while somebody else held its lock')
    unlinkSync(lock)
  }
}

const removes = async (hand: Hand): Promise<void> => {
  const path = hand.draw.pick(hand.files())
  const roll = hand.draw.random()
  if (roll < 0.3) hand.byHand(`removes ${path}`, () => rmSync(join(hand.root, path), { force: true }))
  else if (roll < 0.5) {
    await hand.run(['rm', '-q', '--cached', '-f', '--', path])
    await staysStaged(hand, path)
    hand.byHand(`removes ${path}`, () => rmSync(join(hand.root, path), { force: true }))
  } else {
    await hand.run(['rm', '-q', '-f', '--', path])
    await staysStaged(hand, path)
  }
  if (hand.draw.random() < 0.6) await hand.run(['commit', '-q', ...message()])
}

const moves = async (hand: Hand): Promise<void> => {
  const [from, to] = [hand.draw.pick(hand.files()), hand.newPath()]
  if (hand.draw.random() < 0.3) {
    if (!existsSync(join(hand.root, from))) return
    hand.byHand(`renames ${from} to ${to}`, () => renameSync(join(hand.root, from), join(hand.root, to)))
    return
  }
  await hand.run(['mv', '--', from, to])
  await staysStaged(hand, to)
  if (hand.draw.random() < 0.6) await hand.run(['commit', '-q', ...message()])
}

export const acts: readonly Act[] = [
  { name: 'adds', weight: 6, play: stagesAFile },
  { name: 'adds a hunk', weight: 6, play: stagesAHunk },
  { name: 'commits', weight: 6, play: commits },
  { name: 'amends', weight: 3, play: amends },
  { name: 'rebases', weight: 3, play: rebases },
  { name: 'merges', weight: 2, play: merges },
  { name: 'stashes', weight: 3, play: stashes },
  { name: 'switches', weight: 4, play: switches },
  { name: 'holds the index', weight: 3, play: holdsTheIndex },
  { name: 'removes', weight: 4, play: removes },
  { name: 'moves', weight: 3, play: moves },
  ...moreActs,
]

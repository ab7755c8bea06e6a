/** The rest of what a person does: takes things back, cleans up, works in a second tree. */
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { message } from './audit.ts'
import type { Hand } from './hand.ts'

const resets = async (hand: Hand): Promise<void> => {
  const roll = hand.draw.random()
  if (roll < 0.3) return void (await hand.run(['reset', '-q']))
  if (roll < 0.5) return void (await hand.run(['reset', '-q', '--hard']))
  if (roll < 0.75) {
    await hand.run(['reset', '-q', roll < 0.65 ? '--soft' : '--mixed', 'HEAD~1'])
    await hand.rest(300)
    await hand.run(['commit', '-q', ...message()])
    return
  }
  await hand.run(['reset', '-q', '--hard', roll < 0.9 ? 'HEAD~1' : 'HEAD~2'])
}

const restores = async (hand: Hand): Promise<void> => {
  const path = hand.draw.pick(hand.files())
  const roll = hand.draw.random()
  if (roll < 0.4) return void (await hand.run(['restore', '--', path]))
  if (roll < 0.7) return void (await hand.run(['restore', '--staged', '--', path]))
  await hand.run(['restore', '--source=HEAD~2', '--', path])
}

const tidies = async (hand: Hand): Promise<void> => {
  const how = [
    ['gc', '-q'],
    ['gc', '-q', '--auto'],
    ['repack', '-q', '-a', '-d'],
    ['pack-refs', '--all'],
    ['prune', '--expire=2.hours.ago'],
    ['update-index', '-q', '--refresh'],
  ]
  hand.edit()
  await hand.run(hand.draw.pick(how))
}

const worksInASecondTree = async (hand: Hand): Promise<void> => {
  const place = join(hand.root, '..', 'second-tree')
  await hand.run(['worktree', 'add', '-q', '-B', 'wt', place])
  if (!existsSync(place)) return
  writeFileSync(join(place, `second-${hand.counts.commands}.md`), 'second\n')
  hand.edit()
  await hand.run(['-C', place, 'add', '-A'])
  await hand.run(['-C', place, 'commit', '-q', ...message()])
  await hand.run(['worktree', 'remove', '--force', place])
}

export const moreActs = [
  { name: 'resets', weight: 3, play: resets },
  { name: 'restores', weight: 3, play: restores },
  { name: 'tidies', weight: 2, play: tidies },
  { name: 'works in a second tree', weight: 2, play: worksInASecondTree },
] as const

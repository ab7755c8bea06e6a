import type { GitPause } from '../../src/git/git.ts'
import type { HealthFacts } from '../../src/health/facts.ts'
import { daemonTroubles, type Trouble } from './health-troubles-daemon.ts'

const minuteMs = 60_000

export const healthTroubles: readonly Trouble[] = [
  [
    'an object is missing',
    'repository',
    { repository: repository({ kind: 'broken', detail: 'missing blob 1' }) },
    'fail',
    /missing blob 1/,
    /^git fetch --refetch origin$/,
  ],
  [
    'the same without a remote',
    'repository',
    { repository: repository({ kind: 'broken', detail: 'x' }, null) },
    'fail',
    /x/,
    /^git fsck --full/,
  ],
  [
    'a check that takes too long',
    'repository',
    { repository: repository({ kind: 'late' }) },
    'warn',
    /did not end within 20 s/,
    /^git fsck --full$/,
  ],
  [
    'a merge',
    'operations',
    { operations: { pauses: [pause('merge-in-progress', 'merge --continue')] } },
    'warn',
    /merge-in-progress told/,
    /^git merge --continue$/,
  ],
  [
    'a detached HEAD',
    'operations',
    { operations: { pauses: [pause('detached-head', 'switch main')] } },
    'warn',
    /told/,
    /^git switch main$/,
  ],
  [
    'a mistake in the settings',
    'configuration',
    { configuration: { mistakes: ['a:1:1 wrong', 'b'], warnings: [], waiting: [] } },
    'fail',
    /a:1:1 wrong \(and 1 more\)/,
    /config check/,
  ],
  [
    'a warning of the settings',
    'configuration',
    { configuration: { mistakes: [], warnings: ['odd; `workspace-sync config show` shows it'], waiting: [] } },
    'warn',
    /odd/,
    /^workspace-sync config show$/,
  ],
  [
    'rules that wait for an ack',
    'configuration',
    { configuration: { mistakes: [], warnings: ['a.rules waits', 'b waits'], waiting: ['a.rules', 'b c'] } },
    'warn',
    /a\.rules waits \(and 1 more\)/,
    /^workspace-sync ack a\.rules 'b c'$/,
  ],
  [
    'nobody to commit as',
    'identity',
    { identity: { failure: { name: 'identity', detail: 'who', hint: 'h', heals: 'person' } } },
    'fail',
    /in whose name/,
    /^git config user\.name .* && git config user\.email /,
  ],
  [
    'a full disk',
    'disk',
    { disk: { path: '/d', freeBytes: 5 * 2 ** 20, wantedBytes: 100 * 2 ** 20, freeInodes: null } },
    'fail',
    /5 MB are free, less than health.minFreeDisk \(100 MB\)/,
    /\/d/,
  ],
  [
    'no inodes',
    'disk',
    { disk: { path: '/d', freeBytes: 2 ** 40, wantedBytes: 1, freeInodes: 12 } },
    'fail',
    /12 more files .*inodes/,
    /free/,
  ],
  [
    'a lock left behind',
    'lock',
    { locks: { daemon: null, git: [lock({})] } },
    'fail',
    /60 min/,
    /^rm '\/w s\/\.git\/index\.lock'$/,
  ],
  [
    'a lock of ours left behind',
    'lock',
    { locks: { daemon: null, git: [lock({ isOurs: true })] } },
    'fail',
    /a crash of this program/,
    /^workspace-sync doctor --fix$/,
  ],
  [
    'a lock that a git holds for long',
    'lock',
    { locks: { daemon: null, git: [lock({ owner: { pid: 7, command: 'git' } })] } },
    'warn',
    /held by git \(pid 7\)/,
    /kill 7/,
  ],
  [
    'the lock of a dead daemon',
    'lock',
    { locks: { daemon: { pid: 9, isAlive: false }, git: [] } },
    'warn',
    /pid 9/,
    /^workspace-sync start$/,
  ],
  [
    'damaged state',
    'state',
    {
      state: {
        exists: true,
        directory: '/s',
        isOpen: false,
        damaged: [{ name: 'state.json', why: 'is damaged', remedy: 'r' }],
      },
    },
    'fail',
    /state.json: is damaged/,
    /^r$/,
  ],
  [
    'state open to others',
    'state',
    { state: { exists: true, directory: '/s', isOpen: true, damaged: [] } },
    'warn',
    /\/s/,
    /^chmod go= \/s$/,
  ],
  ...daemonTroubles,
]

function repository(
  result: { kind: 'whole' | 'late' } | { kind: 'broken'; detail: string },
  remote: string | null = 'origin',
): HealthFacts['repository'] {
  return { result, depth: 'all', checkedAtMs: 1_000_000, sizeBytes: 1, deadlineMs: 20_000, remote }
}

export function pause(name: string, command: string | null = null): GitPause {
  return { name, detail: `${name} told: do this`, what: `${name} told`, remedy: 'do this', command, stops: 'commit' }
}

export function lock(changed: Partial<{ ageMs: number; isOurs: boolean; owner: { pid: number; command: string } }>): {
  path: string
  ageMs: number
  isOurs: boolean
  owner: { pid: number; command: string } | null
} {
  return { path: '/w s/.git/index.lock', ageMs: 60 * minuteMs, isOurs: false, owner: null, ...changed }
}

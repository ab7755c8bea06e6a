import type { Check } from '../../src/health/check.ts'
import type { HealthFacts } from '../../src/health/facts.ts'
import { withDaemon, withoutDaemon } from './health-facts.ts'

const minuteMs = 60_000

/** Name, the check, what differs from a healthy workspace, and what is said about it. */
export type Trouble = readonly [string, string, Partial<HealthFacts>, Check['outcome'], RegExp, RegExp]

export const daemonTroubles: readonly Trouble[] = [
  ['no daemon', 'daemon', { daemon: withoutDaemon }, 'warn', /none runs/, /^workspace-sync start$/],
  [
    'a daemon that hangs',
    'daemon',
    { daemon: { ownVersion: '1', running: { pid: 4, answer: 'silent' }, status: null } },
    'fail',
    /pid 4 does not answer/,
    /^workspace-sync restart$/,
  ],
  [
    'a daemon of another version',
    'daemon',
    { daemon: { ownVersion: '2', running: { pid: 4, answer: { version: '1' } }, status: null } },
    'warn',
    /version 1, this program is 2/,
    /restart/,
  ],
  [
    'a pause',
    'daemon',
    { daemon: withDaemon({ state: 'paused', reason: 'merge' }) },
    'warn',
    /paused: merge/,
    /status/,
  ],
  [
    'directories that are not watched',
    'watcher',
    { daemon: withDaemon({ watcherTrouble: { reason: '3 of 9', remedy: 'sudo x' } }) },
    'warn',
    /3 of 9.*every 30 s/,
    /^sudo x$/,
  ],
  [
    'more directories than watches',
    'capacity',
    { capacity: { directories: 9_000, watches: { limit: 8_192, usedByOthers: 92, setting: 'a.b' }, instances: null } },
    'warn',
    /9000 directories .* only 8100 of 8192/,
    /^sudo sysctl a\.b=524288$/,
  ],
  [
    'no watcher left',
    'capacity',
    {
      capacity: {
        directories: 1,
        watches: { limit: 9, usedByOthers: 0, setting: 'a' },
        instances: { limit: 128, usedByOthers: 128, setting: 'i' },
      },
    },
    'warn',
    /all 128/,
    /^sudo sysctl i=1024$/,
  ],
  [
    'a remote that refuses',
    'remote',
    {
      remote: {
        kind: 'failed',
        address: 'ssh://h/r',
        remote: 'origin',
        failure: { name: 'prompt-needed', detail: 'd', hint: 'h', heals: 'person' },
      },
    },
    'fail',
    /ssh:\/\/h\/r: prompt-needed: d/,
    /credential\.helper .*ls-remote origin/,
  ],
  [
    'no upstream',
    'remote',
    { remote: { kind: 'no-upstream', branch: 'main', remote: 'origin', isKnown: true } },
    'warn',
    /no upstream/,
    /^git push -u origin main$/,
  ],
  [
    'a branch that the remote lacks',
    'remote',
    { remote: { kind: 'answered', address: 'a', branch: 'b', remote: 'o', tip: null, tookMs: 1 } },
    'warn',
    /no branch b yet/,
    /^git push o HEAD:b$/,
  ],
  [
    'waiting for 20 minutes',
    'convergence',
    { daemon: withDaemon({ oldestUnsyncedAtMs: 1_000_000 - 20 * minuteMs }) },
    'warn',
    /20 min/,
    /sync/,
  ],
  [
    'waiting for 2 hours',
    'convergence',
    { daemon: withDaemon({ oldestUnsyncedAtMs: 1_000_000 - 120 * minuteMs, reason: 'offline' }) },
    'fail',
    /2 h: offline/,
    /sync/,
  ],
  [
    'something held',
    'convergence',
    { daemon: withDaemon({ held: [{ path: 'k', reason: 'secret' }] }) },
    'warn',
    /k is held: secret/,
    /status/,
  ],
  [
    'work that nobody keeps in step',
    'convergence',
    { daemon: withoutDaemon, unsynced: { paths: 3, held: 1, commits: 2 } },
    'warn',
    /3 paths not committed, 1 path held, 2 commits not pushed/,
    /start --once/,
  ],
  [
    'a quarantine',
    'stability',
    {
      daemon: withDaemon({
        quarantine: [{ pattern: 'a/*', signal: 'feedback', sinceMs: 1, proposedRule: 'BLOCK:a/*:loop' }],
      }),
    },
    'warn',
    /a\/\* is in quarantine/,
    /filters add 'BLOCK:a\/\*:loop'/,
  ],
  [
    'commits near the ceiling',
    'stability',
    { commits: { lastHour: { all: 40, automatic: 35 }, lastDay: { all: 40, automatic: 35 }, ceilingPerHour: 40 } },
    'warn',
    /35 automatic commits in the last hour, of at most 40/,
    /status/,
  ],
  [
    'slow patterns',
    'stability',
    { daemon: withDaemon({ slow: [{ pattern: 'b/*', sinceMs: 1 }] }) },
    'warn',
    /1 pattern .*b\/\*/,
    /status/,
  ],
  [
    'a last commit of tomorrow',
    'clock',
    { clock: { fileSystemMs: null, remoteMs: null, headMs: 24 * 60 * minuteMs } },
    'warn',
    /last commit is 24 h ahead/,
    /timedatectl/,
  ],
  [
    'a remote of tomorrow',
    'clock',
    { clock: { fileSystemMs: null, remoteMs: 24 * 60 * minuteMs, headMs: null } },
    'fail',
    /the remote is 24 h ahead/,
    /timedatectl/,
  ],
  [
    'a remote three minutes behind',
    'clock',
    { clock: { fileSystemMs: 0, remoteMs: -3 * minuteMs, headMs: -1 } },
    'warn',
    /the remote is 3 min behind/,
    /timedatectl/,
  ],
  ['a look that failed', 'disk', { disk: { unseen: 'EIO', remedy: 'replace it' } }, 'fail', /EIO/, /^replace it$/],
]

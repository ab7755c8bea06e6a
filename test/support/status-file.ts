import type { StatusFile } from '../../src/report/report.ts'

/** A daemon at rest and in sync, at the instant 1,000,000; everything can be changed. */
export function statusFile(changed: Partial<StatusFile> = {}): StatusFile {
  return {
    writtenAtMs: 1_000_000,
    heartbeatMs: 5_000,
    startedAtMs: 400_000,
    pid: 42,
    startTick: 7,
    version: '1.2.3',
    workspace: '/home/u/ws',
    branch: 'main',
    remote: 'https://example.invalid/r.git',
    engine: 'native',
    watcher: 'inotify',
    watcherTrouble: null,
    state: 'idle',
    reason: null,
    oldestUnsyncedAtMs: null,
    looked: true,
    verifiedAtMs: 990_000,
    verifyWithinMs: 60_000,
    ahead: 0,
    behind: 0,
    pending: [],
    budget: { hour: { used: 3, limit: 10 }, day: { used: 7, limit: 50 } },
    slow: [],
    quarantine: [],
    held: [],
    waiting: [],
    writers: [],
    lastCommit: null,
    lastPush: null,
    counters: { events: 1, sync: 2, block: 3, hold: 4, commits: 5, pushes: 6, retries: 7, reconciles: 8 },
    rssBytes: 73_400_320,
    ...changed,
  }
}

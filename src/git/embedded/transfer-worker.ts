/** A thread of its own: what isomorphic-git computes for a transfer would stop everything else meanwhile. */
import { parentPort, workerData } from 'node:worker_threads'
import { runTransfer } from './transfer-job.ts'
import type { TransferJob } from './transfer-job.ts'

/** Often enough to be told from one that hangs. */
const tellEveryMs = 200

let toldAtMs = 0
const answer = await runTransfer(workerData as TransferJob, () => {
  const nowMs = performance.now()
  if (nowMs - toldAtMs < tellEveryMs) return
  toldAtMs = nowMs
  parentPort?.postMessage('moved', [])
})
parentPort?.postMessage(answer, [])

import { Worker } from 'node:worker_threads'
import type { Workbench } from '../workbench.ts'
import type { TransferAnswer, TransferJob } from './transfer-job.ts'

export type Transfer = (job: TransferJob, deadlineMs: number) => Promise<TransferAnswer | { readonly kind: 'late' }>

/** @param entry the compiled `transfer-worker.js` */
export function createTransfer(
  { clock, deadlines, hurry }: Pick<Workbench, 'clock' | 'deadlines' | 'hurry'>,
  entry: URL = new URL('./transfer-worker.js', import.meta.url),
): Transfer {
  return (job, deadlineMs) =>
    new Promise((resolve) => {
      const worker = new Worker(entry, { workerData: job, stdout: false, stderr: false })
      let isOver = false
      let still = (): void => {}
      const end = (answer: TransferAnswer | { readonly kind: 'late' }): void => {
        if (isOver) return
        isOver = true
        for (const cancel of [still, late]) cancel()
        hurry.signal.removeEventListener('abort', onHurry)
        void worker.terminate()
        resolve(answer)
      }
      const onHurry = (): void => end({ kind: 'late' })
      const late = clock.after(deadlineMs, onHurry)
      const watch = (): void => {
        still()
        still = clock.after(Math.min(deadlineMs, deadlines.stillMs), onHurry)
      }
      watch()
      hurry.signal.addEventListener('abort', onHurry)
      worker.on('message', (message: 'moved' | TransferAnswer) => {
        if (message === 'moved') watch()
        else end(message)
      })
      worker.on('error', (error) => end(ended(error.message)))
      worker.on('exit', () => end(ended('its thread ended')))
    })
}

function ended(message: string): TransferAnswer {
  return { kind: 'failed', status: null, code: null, message }
}

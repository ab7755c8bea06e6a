import type { ServerResponse } from 'node:http'
import type { StreamLine, ToldDecision } from './stream-protocol.ts'

/** Bytes that may wait for one slow reader; lines beyond them are lost, and counted. */
const waitingBytesMax = 256 * 1024
/** Listeners at the same time; one more is turned away. */
const streamsMax = 16

/** Answers that go on: a JSON object a line. A slow reader loses lines and is told how many; nobody waits for it. */
export class Streams {
  readonly #open = new Set<Stream>()

  isFull(): boolean {
    return this.#open.size >= streamsMax
  }

  /** @param begin given what takes each item; gives what ends the telling. */
  open(response: ServerResponse, begin: (tell: (item: ToldDecision) => void) => () => void): void {
    const stream = new Stream(response)
    const stop = begin((item) => stream.tell(item))
    response.writeHead(200, { 'content-type': 'application/x-ndjson', connection: 'close' })
    response.flushHeaders()
    this.#open.add(stream)
    response.on('close', () => {
      stop()
      this.#open.delete(stream)
    })
  }

  endAll(reason: string): void {
    for (const stream of this.#open) stream.end(reason)
  }
}

class Stream {
  readonly #response: ServerResponse
  #lost = 0

  constructor(response: ServerResponse) {
    this.#response = response
    response.on('drain', () => this.#tellLost())
    // A reader that went away is heard of by `close`.
    response.on('error', () => {})
  }

  tell(item: ToldDecision): void {
    if (this.#response.writableLength > waitingBytesMax) {
      this.#lost += 1
      return
    }
    this.#tellLost()
    this.#write({ item })
  }

  end(reason: string): void {
    this.#tellLost()
    this.#response.end(`${JSON.stringify({ end: reason } satisfies StreamLine)}\n`)
  }

  #tellLost(): void {
    if (this.#lost === 0) return
    this.#write({ lost: this.#lost })
    this.#lost = 0
  }

  #write(line: StreamLine): void {
    this.#response.write(`${JSON.stringify(line)}\n`)
  }
}

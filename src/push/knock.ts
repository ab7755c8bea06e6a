import { existsSync } from 'node:fs'
import { lookup } from 'node:dns/promises'
import { connect } from 'node:net'
import { resolve } from 'node:path'
import type { GitEngine } from '../git/git.ts'
import { endpointOf } from './endpoint.ts'

/** Who does not answer by then does not. */
const answerMsMax = 1_000

/** Whether somebody is at home where a branch is pushed to: no more than a connection, and never a git. */
export type Knock = (engine: GitEngine, ref: string) => Promise<boolean>

export function createKnock(): Knock {
  /** A name server that is out of reach holds up a thread, for many seconds. One is enough. */
  let isAsking = false
  const addressOf = async (host: string): Promise<string | null> => {
    if (isAsking) return null
    isAsking = true
    try {
      return (await lookup(host)).address
    } catch {
      return null
    } finally {
      isAsking = false
    }
  }
  const isHome = async (host: string, port: number): Promise<boolean> => {
    const address = await addressOf(host)
    return address !== null && (await answers(address, port))
  }
  return async (engine, ref) => {
    const upstream = await engine.upstream(ref)
    const endpoint = upstream === null ? null : endpointOf(upstream.address)
    if (endpoint === null) return false
    if (endpoint.kind === 'folder') return existsSync(resolve(engine.repository.root, endpoint.path))
    return within(isHome(endpoint.host, endpoint.port))
  }
}

function answers(host: string, port: number): Promise<boolean> {
  return new Promise((settle) => {
    const socket = connect({ host, port, timeout: answerMsMax })
    const end = (isAnswered: boolean): void => {
      socket.destroy()
      settle(isAnswered)
    }
    socket.once('connect', () => end(true))
    socket.once('timeout', () => end(false))
    socket.on('error', () => end(false))
  })
}

function within(answer: Promise<boolean>): Promise<boolean> {
  return new Promise((settle) => {
    const timer = setTimeout(() => settle(false), 2 * answerMsMax)
    void answer.then((isAnswered) => {
      clearTimeout(timer)
      settle(isAnswered)
    })
  })
}

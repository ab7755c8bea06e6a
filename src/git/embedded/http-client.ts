import { request as plainRequest, type IncomingMessage } from 'node:http'
import { request as secureRequest } from 'node:https'
import type { GitHttpRequest, GitHttpResponse, HttpClient } from 'isomorphic-git'

/**
 * The way to a server. isomorphic-git's own takes an answer that was cut off for a whole one, and follows a server that
 * points elsewhere; here such an answer is an error, and a redirection a status like any other.
 * @param onMoved something came over the line
 */
export function createHttpClient(onMoved: () => void): HttpClient {
  return {
    request: async (request) => {
      const sent = request.body === undefined ? Buffer.alloc(0) : await collected(request.body)
      return ask(request, sent, onMoved)
    },
  }
}

function ask({ url, method = 'GET', headers = {} }: GitHttpRequest, sent: Buffer, onMoved: () => void) {
  return new Promise<GitHttpResponse>((resolve, reject) => {
    const send = url.startsWith('https:') ? secureRequest : plainRequest
    const length = method === 'GET' ? {} : { 'content-length': String(sent.length) }
    const call = send(url, { method, headers: { ...headers, ...length } }, (response) => {
      onMoved()
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => {
        onMoved()
        chunks.push(chunk)
      })
      // One that is cut off ends with an error, never with `end`.
      response.on('error', reject)
      response.on('end', () => resolve(answerOf(url, method, response, Buffer.concat(chunks))))
    })
    call.on('error', reject)
    call.end(sent)
  })
}

function answerOf(url: string, method: string, response: IncomingMessage, body: Buffer): GitHttpResponse {
  const { statusCode = 0, statusMessage = '', headers } = response
  const plain = Object.entries(headers).map(([name, value]) => [name, String(value)] as const)
  return { url, method, statusCode, statusMessage, headers: Object.fromEntries(plain), body: pieces(body) }
}

// oxlint-disable-next-line require-await -- isomorphic-git reads what comes in pieces
async function* pieces(body: Buffer): AsyncGenerator<Uint8Array, void> {
  yield body
}

async function collected(body: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of body) chunks.push(chunk)
  return Buffer.concat(chunks)
}

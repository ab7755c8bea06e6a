export interface Random {
  /** Uniform in [0, 1). */
  next(): number
  /** Hex digits, `bytes` random bytes. */
  hex(bytes: number): string
}

export const systemRandom: Random = {
  next: () => randomBytes(6).readUIntBE(0, 6) / 2 ** 48,
  hex: (bytes) => randomBytes(bytes).toString('hex'),
}

/** By the global: loading `node:crypto` costs 2 ms of every start, and the answer to `status` has 10 ms in all. */
function randomBytes(count: number): Buffer {
  return Buffer.from(crypto.getRandomValues(new Uint8Array(count)))
}

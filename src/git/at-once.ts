/**
 * Does the same with every item, `count` of them at a time, begun in their order; nothing more once one has failed.
 * @throws what the first that failed threw.
 */
export async function atOnce<T>(items: Iterable<T>, count: number, work: (item: T) => Promise<void>): Promise<void> {
  const rest = items[Symbol.iterator]()
  let hasFailed = false
  const next = async (): Promise<void> => {
    for (let item = rest.next(); item.done !== true && !hasFailed; item = rest.next()) {
      try {
        await work(item.value)
      } catch (error) {
        hasFailed = true
        throw error
      }
    }
  }
  await Promise.all(Array.from({ length: count }, next))
}

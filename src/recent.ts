import { LRUCache } from 'lru-cache'

/**
 * The newest `max` of many; the longest untouched is forgotten first. Bounded by size, each being 1, since a cache of
 * `lru-cache` that is bounded by count takes its whole room when it is made: 4 MB for 100,000, whatever is in it.
 */
export function recent<K extends object | string, V extends object | string | true>(max: number): LRUCache<K, V> {
  return new LRUCache({ maxSize: max, sizeCalculation: () => 1 })
}

/**
 * In a partial clone git fetches what it is asked for and lacks: unchecked, and of a commit that it never saw the whole
 * history anew. Commits are all there; gits before 2.44 know only the second of these.
 */
export const withoutLazyFetch = { GIT_NO_LAZY_FETCH: '1', GIT_ALLOW_PROTOCOL: 'none' }
